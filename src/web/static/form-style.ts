/** Forms about lists: joining, options, moderation; the page of a cutover. */
export const formStyle = `
.stacked { max-width: 34rem; }
.stacked p label, .moderation p label { display: block; }
.stacked p > input, .stacked select { width: 100%; }
textarea { font: inherit; color: inherit; background: var(--paper); border: 1px solid color-mix(in srgb, var(--quiet) 65%, var(--line)); border-radius: .4rem; padding: .38rem .6rem; width: 100%; max-width: 42rem; }
textarea:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
fieldset { border: 1px solid var(--line); border-radius: .6rem; padding: .5rem 1rem .8rem; margin: 1.1rem 0; min-width: 0; }
legend { font-weight: 550; padding: 0 .3rem; }
label.check { display: flex; gap: .6rem; align-items: flex-start; font-weight: 400; padding: .28rem 0; }
label.check input { flex: none; width: 1.1rem; height: 1.1rem; margin: .2rem 0 0; accent-color: var(--accent); }
.choices label.check { display: flex; }
.choices label.check input { width: 1.1rem; }
button.second { background: transparent; color: var(--link); border-color: color-mix(in srgb, var(--quiet) 65%, var(--line)); }
button.danger { background: transparent; color: var(--warn); border-color: var(--warn); }
.success { border-left: 4px solid var(--accent); background: var(--raised); padding: .5rem .9rem; max-width: 48rem; }
.note { border-left: 4px solid var(--line); background: var(--raised); padding: .5rem .9rem; max-width: 48rem; }
.prose { max-width: 42rem; }
.prose + .join { margin-top: 2rem; }
.facts.narrow { grid-template-columns: minmax(0, 1fr); gap: 0; }
.facts.narrow dd { margin-bottom: .6rem; }
.own-lists .links { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; }
.roster { columns: 20rem; max-width: 60rem; }
.roster > li { break-inside: avoid; }
.waiting { max-width: 48rem; }
.waiting > li { display: flex; gap: .9rem; align-items: flex-start; padding: .8rem 0; border-bottom: 1px solid var(--line); }
.waiting > li > input { flex: none; margin-top: .25rem; width: 1.3rem; height: 1.3rem; }
.waiting > li > div { min-width: 0; }
.waiting label { font-weight: 600; }
.waiting p { margin: .15rem 0; }
.moderation { max-width: 48rem; }
.moderation p > input[type=email] { width: 100%; max-width: 26rem; }
.count { color: var(--quiet); font-weight: 400; margin-left: .4rem; }
.commands dt { margin-top: .8rem; }
.commands dd { margin: .1rem 0 0; }
code { font-family: var(--mono); font-size: .9em; background: var(--raised); border: 1px solid var(--line); border-radius: .3rem; padding: .08rem .35rem; }
.stages { list-style: none; display: flex; flex-wrap: wrap; gap: .6rem 2rem; padding: 0; margin: 1.2rem 0; }
.stage-count { font-size: 1.5rem; font-weight: 650; margin-right: .3rem; }
.cutover-card { background: var(--raised); border: 1px solid var(--line); border-radius: .6rem; padding: .3rem 1.25rem .6rem; margin: 1.2rem 0; max-width: 52rem; }
.cutover-card h3 { margin: .8rem 0 .4rem; overflow-wrap: anywhere; }
.cutover-rows { max-width: 52rem; }
.cutover-rows > li { border-bottom: 1px solid var(--line); padding: .45rem 0; overflow-wrap: anywhere; }
.cutover-rows .meta { margin: 0; }
.way { list-style: none; display: grid; grid-template-columns: repeat(5, minmax(0, 1fr)); gap: .3rem; padding: 0; margin: .7rem 0; font-size: .85rem; }
.way li { border-top: 5px solid var(--line); padding-top: .3rem; color: var(--quiet); overflow-wrap: anywhere; hyphens: auto; }
.way .done { border-color: color-mix(in srgb, var(--accent) 45%, var(--line)); }
.way .now { border-color: var(--accent); color: var(--ink); font-weight: 650; }
.badge.refused, .badge.failed { color: var(--warn); border-color: var(--warn); }
pre.report { overflow-x: auto; white-space: pre-wrap; font: .85rem/1.5 var(--mono); background: var(--raised); border: 1px solid var(--line); border-radius: .4rem; padding: .7rem 1rem; max-width: 52rem; }
.trail-list > li { border-bottom: 1px solid var(--line); padding: .7rem 0; max-width: 48rem; }
meter { width: 7rem; vertical-align: middle; }
@media (max-width: 40rem) { .cutover-card .facts { grid-template-columns: minmax(0, 1fr); gap: 0; } .cutover-card dd { margin-bottom: .5rem; } .way { font-size: .72rem; } .moderation .actions button { flex: 1 1 auto; } }
`;
