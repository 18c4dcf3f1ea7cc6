/** Lists, threads, months, search. */
export const archiveStyle = `
.meta { color: var(--quiet); font-size: .88rem; margin: .1rem 0 0; }
.dot { color: var(--quiet); margin: 0 .12rem; }
.badge { font-size: .75rem; font-weight: 550; color: var(--quiet); border: 1px solid var(--line); border-radius: 1rem; padding: .1rem .6rem; vertical-align: middle; white-space: nowrap; }
.lists > li { padding: 1rem 0; border-bottom: 1px solid var(--line); max-width: 46rem; }
.lists h2 { margin: 0; }
.lists p { margin: .15rem 0 0; }
.list-nav { margin: 1.1rem 0 1.3rem; border-bottom: 1px solid var(--line); }
.list-nav ul { display: flex; flex-wrap: wrap; gap: 0 1.5rem; list-style: none; margin: 0; padding: 0; }
.list-nav a { display: inline-block; padding: .35rem 0 .45rem; color: var(--quiet); text-decoration: none; border-bottom: 3px solid transparent; margin-bottom: -1px; }
.list-nav a:hover { color: var(--ink); border-color: var(--line); }
.list-nav a[aria-current] { color: var(--ink); font-weight: 600; border-color: var(--accent); }
.overview { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0 3.5rem; }
@media (min-width: 56rem) { .overview { grid-template-columns: minmax(0, 1.65fr) minmax(0, 1fr); } }
.overview h2 { margin-top: .4rem; }
.side section + section { margin-top: 2rem; }
.threads > li, .results > li { padding: .62rem 0; border-bottom: 1px solid var(--line); max-width: 48rem; }
.threads > li:last-child, .results > li:last-child { border-bottom: 0; }
.subject { font-weight: 550; text-decoration: none; display: inline-block; line-height: 1.35; }
.threads .subject, .results .subject, .around bdi { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; line-clamp: 3; overflow: hidden; width: fit-content; }
.around a { display: flex; gap: .35rem; max-width: min(100%, 26rem); }
.subject:hover { text-decoration: underline; }
.subject:visited { color: var(--visited); }
.side .threads > li { padding: .45rem 0; }
.posters > li { display: flex; justify-content: space-between; gap: 1rem; padding: .22rem 0; max-width: 24rem; }
.author { color: inherit; text-decoration: none; }
.author:hover { text-decoration: underline; }
.activity { width: 100%; height: auto; max-width: 32rem; display: block; margin: .3rem 0; }
.activity .bars { fill: var(--accent); }
.activity .axis { stroke: var(--line); fill: none; }
.activity text { fill: var(--quiet); font: 15px var(--sans); }
.about { margin-top: 3rem; padding-top: .2rem; border-top: 1px solid var(--line); }
.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .15rem 1.2rem; margin: .8rem 0; }
.facts dt { color: var(--quiet); }
.facts dd { margin: 0; }
.months { list-style: none; padding: 0; margin: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); gap: .35rem 1.5rem; max-width: 48rem; }
.months li { display: flex; justify-content: space-between; gap: .6rem; padding: .15rem 0; }
.year h2 { margin: 1.8rem 0 .4rem; }
.around { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .5rem 2rem; margin: 1rem 0; }
.search .words label { display: block; }
.search .words span { display: flex; gap: .5rem; max-width: 40rem; }
.search .words input { flex: 1; min-width: 0; }
.search summary { color: var(--link); cursor: pointer; padding: .2rem 0; width: max-content; max-width: 100%; }
.search .fields { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 12rem), 1fr)); gap: .7rem 1.2rem; max-width: 48rem; align-items: end; }
.search .fields p { margin: 0; }
.search .fields label { display: block; font-size: .9rem; }
.search .fields input:not([type=checkbox]), .search .fields select { width: 100%; }
.search .check { display: flex; align-items: center; gap: .5rem; min-height: 2.4rem; }
.snippet { margin: .15rem 0; font-size: .94rem; color: var(--quote); }
@media print { .activity { max-width: 14cm; } }
`;
