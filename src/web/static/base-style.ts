/** Colours, type, and what all pages have: head, foot, forms, tables, lists. */
export const baseStyle = `
:root {
  color-scheme: light dark;
  --paper: #fdfdfc;
  --raised: #f4f4f1;
  --line: #dfdfd9;
  --ink: #1d2327;
  --quiet: #5b646b;
  --link: #17577a;
  --visited: #5d4a86;
  --accent: #1f5f7a;
  --on-accent: #ffffff;
  --quote: #54616a;
  --mark: #fff1b8;
  --warn: #8a2c1d;
  --warn-paper: #fbeeea;
  --focus: #b35c00;
  --mono: ui-monospace, "SF Mono", SFMono-Regular, Menlo, Consolas, "Liberation Mono", "Noto Sans Mono", monospace;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, "Hiragino Sans", "Noto Sans CJK JP", sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15191c;
    --raised: #1e2428;
    --line: #343c41;
    --ink: #e3e6e8;
    --quiet: #a0aab1;
    --link: #8cc7e3;
    --visited: #bfaee6;
    --accent: #7fbdda;
    --on-accent: #0d1418;
    --quote: #a3b0b8;
    --mark: #5a4a0c;
    --warn: #ffb4a3;
    --warn-paper: #3a211c;
    --focus: #ffb454;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 1rem; }
body {
  margin: 0;
  background: var(--paper);
  color: var(--ink);
  font: 1rem/1.55 var(--sans);
  overflow-wrap: anywhere;
  display: flex;
  flex-direction: column;
  min-height: 100vh;
}
main, .bar, .trail, .site-footer { width: 100%; max-width: 66rem; margin: 0 auto; padding: 0 1.25rem; }
main { flex: 1; padding-top: .5rem; padding-bottom: 3rem; }
main:focus { outline: none; }
h1 { font-size: 1.65rem; line-height: 1.25; font-weight: 650; letter-spacing: -.01em; margin: 1rem 0 .4rem; text-wrap: balance; }
h2 { font-size: 1.12rem; line-height: 1.3; font-weight: 650; margin: 2.2rem 0 .7rem; }
h3 { font-size: 1rem; font-weight: 650; margin: 1.4rem 0 .4rem; }
p { margin: .6rem 0; }
.lead { color: var(--quiet); max-width: 42rem; margin-top: .2rem; }
time { white-space: nowrap; }
.quiet { color: var(--quiet); font-size: .9rem; }
.hidden { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: .15em; }
a:hover { text-decoration-thickness: 2px; }
a:focus-visible, button:focus-visible, input:focus-visible, select:focus-visible, summary:focus-visible, iframe:focus-visible, pre:focus-visible {
  outline: 3px solid var(--focus);
  outline-offset: 2px;
  border-radius: 2px;
}
.skip { position: absolute; left: -100vw; top: 0; background: var(--accent); color: var(--on-accent); padding: .6rem 1rem; z-index: 1; }
.skip:focus { left: 0; }
.site-header { border-bottom: 1px solid var(--line); background: var(--raised); }
.bar { display: flex; align-items: center; gap: .6rem 1.2rem; min-height: 3.4rem; flex-wrap: wrap; padding-top: .45rem; padding-bottom: .45rem; }
.site-name { color: var(--ink); font-weight: 650; text-decoration: none; display: flex; align-items: center; gap: .55rem; }
.site-name:hover { text-decoration: underline; }
.mark { width: 1.1rem; height: 1.1rem; border-radius: .3rem; background: linear-gradient(var(--accent) 55%, color-mix(in srgb, var(--accent) 55%, transparent) 55%); }
.quick-search { margin-left: auto; display: flex; gap: .4rem; flex: 0 1 22rem; }
.quick-search input { flex: 1; min-width: 0; }
.site-nav ul { list-style: none; display: flex; gap: 1rem; margin: 0; padding: 0; }
.site-nav a { color: var(--ink); display: inline-block; padding: .3rem 0; }
.trail { font-size: .9rem; padding-top: .7rem; }
.trail ol { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0 .5rem; }
.trail li { min-width: 0; }
.trail li + li::before { content: "/"; color: var(--quiet); margin-right: .5rem; }
.trail a { color: var(--quiet); }
.site-footer { color: var(--quiet); font-size: .85rem; padding-top: 1rem; padding-bottom: 1.5rem; }
.site-footer p { border-top: 1px solid var(--line); padding-top: .9rem; margin: 0; }
input, select, button { font: inherit; color: inherit; }
input:not([type=checkbox]):not([type=radio]), select {
  background: var(--paper);
  border: 1px solid color-mix(in srgb, var(--quiet) 65%, var(--line));
  border-radius: .4rem;
  padding: .38rem .6rem;
  max-width: 100%;
  min-height: 2.4rem;
}
input[type=checkbox] { width: 1.1rem; height: 1.1rem; accent-color: var(--accent); margin: 0; }
::placeholder { color: var(--quiet); opacity: 1; }
button, .button {
  display: inline-block;
  background: var(--accent);
  color: var(--on-accent);
  border: 1px solid var(--accent);
  border-radius: .4rem;
  padding: .38rem 1rem;
  min-height: 2.4rem;
  font-weight: 550;
  cursor: pointer;
  text-decoration: none;
}
button:hover, .button:hover { filter: brightness(1.1); text-decoration: none; }
.quick-search button, .button.second { background: transparent; color: var(--link); border-color: color-mix(in srgb, var(--quiet) 65%, var(--line)); font-weight: 500; }
form label { font-weight: 550; }
.choices { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr)); gap: 1.2rem; max-width: 48rem; margin-top: 1.2rem; }
.choices section { background: var(--raised); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem 1.25rem; }
.choices h2 { margin-top: .2rem; }
.choices label { display: block; }
.choices input { width: 100%; }
.help { color: var(--quiet); font-size: .9rem; }
.failure { color: var(--warn); background: var(--warn-paper); border-left: 4px solid var(--warn); padding: .5rem .9rem; max-width: 48rem; }
.notice h1 { font-size: 3rem; color: var(--quiet); margin-top: 3rem; }
.notice p { font-size: 1.1rem; }
ul.plain, ol.plain { list-style: none; padding: 0; margin: .5rem 0; }
ul.plain > li { padding: .3rem 0; }
.actions { display: flex; flex-wrap: wrap; gap: .6rem 1.2rem; padding: 0; margin: .8rem 0; list-style: none; align-items: center; }
.pager { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .6rem 1.2rem; margin: 1.8rem 0 0; padding-top: .9rem; border-top: 1px solid var(--line); }
mark { background: var(--mark); color: var(--ink); border-radius: 2px; padding: 0 .08em; }
@media (max-width: 40rem) {
  main, .bar, .trail, .site-footer { padding-left: 1rem; padding-right: 1rem; }
  .quick-search { order: 3; flex: 1 1 100%; margin: 0; }
  .site-nav { margin-left: auto; }
  h1 { font-size: 1.4rem; }
}
@media (prefers-reduced-motion: no-preference) {
  html { scroll-behavior: smooth; }
}
@media print {
  :root { --paper: #fff; --ink: #000; --quiet: #444; --line: #bbb; --raised: #fff; --link: #000; }
  body { font-size: 10.5pt; display: block; }
  .site-header, .trail, .site-footer, .skip, .actions, .pager, .list-nav, .no-print { display: none; }
  main { max-width: none; padding: 0; }
  a { text-decoration: none; }
}
`;
