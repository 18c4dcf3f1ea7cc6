/** Threads and messages. */
export const messageStyle = `
.message { padding: 1.1rem 0 1rem; border-top: 1px solid var(--line); }
.message > header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 .9rem; margin-bottom: .45rem; }
.message h2 { font-size: 1rem; margin: 0; }
.permalink { color: var(--quiet); font-size: .88rem; text-decoration: none; }
.permalink:hover { text-decoration: underline; }
.message:target { box-shadow: -.6rem 0 0 var(--paper), -.8rem 0 0 var(--accent); }
.single { border: 0; padding-top: 0; }
.single > header { display: block; border-bottom: 1px solid var(--line); margin-bottom: 1.1rem; }
.in1, .in2, .in3, .in4, .in5, .in6 { border-left: 2px solid var(--line); padding-left: 1.1rem; }
.in1 { margin-left: 0; }
.in2 { margin-left: 1.1rem; }
.in3 { margin-left: 2.2rem; }
.in4 { margin-left: 3.3rem; }
.in5 { margin-left: 4.4rem; }
.in6 { margin-left: 5.5rem; }
.text { max-width: 44rem; }
.text > :first-child, .text blockquote > :first-child { margin-top: 0; }
.text blockquote > :last-child { margin-bottom: 0; }
.text p { margin: .75rem 0; }
.text pre { font: .86rem/1.5 var(--mono); background: var(--raised); border: 1px solid var(--line); border-radius: .4rem; padding: .6rem .8rem; margin: .75rem 0; overflow-x: auto; overflow-wrap: normal; tab-size: 8; }
.text .signature { color: var(--quiet); font-size: .86rem; margin-top: 1.2rem; padding-inline-start: .9rem; border-inline-start: 2px solid var(--line); }
blockquote { margin: .7rem 0; padding-block: .15rem; padding-inline-start: .9rem; border-inline-start: 3px solid color-mix(in srgb, var(--accent) 45%, var(--line)); color: var(--quote); }
blockquote blockquote { border-color: var(--line); }
.quote { margin: .7rem 0; }
.quote summary, .outline summary { cursor: pointer; color: var(--quiet); font-size: .88rem; width: max-content; max-width: 100%; padding: .1rem 0; }
.quote summary:hover, .outline summary:hover { color: var(--ink); }
.omitted, .rest { font-size: .9rem; color: var(--quiet); }
.reply { margin: .6rem 0 0; font-size: .9rem; }
.outline { margin: 1rem 0; }
.outline li { padding: .1rem 0 .1rem .7rem; font-size: .92rem; }
.pictures { display: flex; flex-wrap: wrap; gap: .7rem; margin: .9rem 0; }
.pictures img { display: block; max-width: min(100%, 26rem); max-height: 20rem; border-radius: .4rem; border: 1px solid var(--line); background: var(--raised); }
.attachments { list-style: none; padding: .5rem 0 0; margin: .9rem 0 0; border-top: 1px dashed var(--line); max-width: 44rem; }
.attachments li { padding: .12rem 0; }
.author-html { width: 100%; height: 70vh; border: 1px solid var(--line); border-radius: .4rem; background: var(--paper); }
.neighbours ul { list-style: none; padding: 0; margin: 1.5rem 0 0; display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr)); gap: .7rem 2rem; border-top: 1px solid var(--line); padding-top: 1.1rem; }
.neighbours a { text-decoration: none; display: block; }
.neighbours bdi { text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: .15em; }
.neighbours bdi { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; line-clamp: 2; overflow: hidden; }
.neighbours .way { display: block; color: var(--quiet); font-size: .86rem; }
.headers { border-collapse: collapse; font: .86rem/1.5 var(--mono); width: 100%; }
.headers th { text-align: left; font-weight: 600; vertical-align: top; padding: .3rem 1.2rem .3rem 0; white-space: nowrap; }
.headers td { padding: .3rem 0; }
.headers tr { border-bottom: 1px solid var(--line); }
@media (max-width: 40rem) {
  /* Where a mailer broke its lines means nothing on a narrow screen. */
  .text p:not(.lines, .signature) br { display: none; }
  .in1, .in2, .in3, .in4, .in5, .in6 { padding-left: .7rem; margin-left: 0; }
  .in3, .in4 { margin-left: .35rem; }
  .in5, .in6 { margin-left: .7rem; }
  .headers th, .headers td { display: block; padding: .15rem 0; }
}
@media print {
  .message { break-inside: auto; }
  .message > header { break-after: avoid; }
  .text pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  .pictures img { max-height: 8cm; }
}
`;
