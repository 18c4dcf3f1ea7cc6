import { serverBlockers } from '../../../../compat/cutover/blockers.ts';
import { siteIfThere } from '../../../../compat/cutover/services-context.ts';
import { type CutoverStatus, cutoverStatus } from '../../../../compat/cutover/status.ts';
import { isMailman2InCharge, STAGES, type Stage } from '../../../model/cutover.ts';
import { htmlAnswer } from '../../answer.ts';
import { millisecondsOf, timeTag } from '../../archive/times.ts';
import { ForbiddenError, SignInNeededError } from '../../errors.ts';
import { type Html, html } from '../../html.ts';
import { layout } from '../../layout.ts';
import type { Page } from '../../page.ts';
import type { Visit } from '../../visit.ts';
import { card, isHeldUp, rows } from './card.ts';

/** Seconds after which a browser asks again. */
const REFRESH = 10;
/** What is asked of Postfix and LMTP stays good for so many milliseconds, however many look on. */
const BLOCKERS_LIFE = 30_000;
/** Lists that are shown in full, and those of a stage that get a line; a page of one stage has more. */
const MOST_CARDS = 6;
const MOST_ROWS = 8;
const ROWS_PER_PAGE = 100;

/** The move from Mailman 2, as it goes on: for the administrators of the server. */
export const cutoverOverview: Page = {
  path: '/cutover/',
  get: async (visit) => {
    requireServerOwner(visit);
    const { services, say, urls, query } = visit;
    const { site, problem } = siteIfThere(services.config);
    const found = await cutoverStatus(services, site);
    const stage = STAGES.find((one) => one === query.get('stage'));
    const isLive = !query.has('still') && found.some((one) => one.stage !== 'retired');
    const blockers = await currentBlockers(visit, found);
    const missing = problem && found.some((one) => one.stage !== 'retired') ? [problem.message] : [];
    const markup = layout(visit, {
      title: say('cutover_title'),
      isIndexed: false,
      ...(stage === undefined ? {} : { trail: [[say('cutover_title'), urls.path('/cutover/')]] }),
      content: html`<h1>${say('cutover_title')}</h1>
<p class="lead">${say('cutover_intro')}</p>
<p class="quiet">${say('cutover_as_of')} ${timeTag(millisecondsOf(services.clock.now()), say)} UTC. ${renewal(visit, isLive)}</p>
${[...missing, ...blockers].map((text) => html`<p class="failure" role="alert"><strong>${say('cutover_blocked')}</strong> ${text}</p>\n`)}
${found.length === 0 ? html`<p>${say('cutover_none')}</p>` : summary(visit, found)}
${
  stage === undefined
    ? groups(visit, found)
    : wholeStage(
        visit,
        stage,
        found.filter((one) => one.stage === stage),
      )
}`,
    });
    return htmlAnswer(markup, {
      visibility: 'private',
      // A page without scripts renews itself by the oldest means there is.
      ...(isLive ? { headers: { refresh: String(REFRESH) } } : {}),
    });
  },
};

/** @throws SignInNeededError, ForbiddenError */
export function requireServerOwner({ viewer }: Visit): void {
  if (!viewer) throw new SignInNeededError('The state of a cutover is for administrators');
  if (!viewer.isServerOwner) throw new ForbiddenError();
}

/** The same page, held still or not. */
function renewal({ say, urls, query }: Visit, isLive: boolean): Html {
  const fields = new URLSearchParams(query);
  if (isLive) fields.set('still', '1');
  else fields.delete('still');
  const address = `${urls.path('/cutover/')}${fields.size > 0 ? `?${fields}` : ''}`;
  return isLive
    ? html`${say('cutover_refreshes', { seconds: REFRESH })} <a href="${address}">${say('cutover_hold')}</a>`
    : html`<a href="${address}">${say('cutover_refresh')}</a>`;
}

const known = new WeakMap<object, { readonly until: number; readonly blockers: Promise<string[]> }>();

/** The checks look at the server, not at one list: one that is moving stands for all. */
async function currentBlockers({ services }: Visit, found: readonly CutoverStatus[]): Promise<string[]> {
  const moving = found.find(({ stage }) => isMailman2InCharge(stage));
  if (!moving) return [];
  const last = known.get(services.database);
  if (last && last.until > performance.now()) return last.blockers;
  const blockers = serverBlockers(services, moving.list);
  known.set(services.database, { until: performance.now() + BLOCKERS_LIFE, blockers });
  return blockers;
}

/** Those in motion come first. */
const ORDER: readonly Stage[] = ['alongside', 'observe', 'lead', 'legacy', 'retired'];

/** How many lists are in each stage; each leads to them. */
function summary({ say, urls }: Visit, found: readonly CutoverStatus[]): Html {
  const item = (stage: Stage): Html => {
    const count = found.filter((one) => one.stage === stage).length;
    const text = html`<span class="stage-count">${say.number(count)}</span> ${say(`stage_${stage}`)}`;
    return html`<li>${count === 0 ? text : html`<a href="${urls.path('/cutover/')}?stage=${stage}">${text}</a>`}</li>\n`;
  };
  return html`<ol class="stages" aria-label="${say('cutover_stages')}">\n${STAGES.map(item)}</ol>`;
}

/** What needs a look comes first and in full, then what moves; a line each for what is at rest, and not all of a large site. */
function groups(visit: Visit, found: readonly CutoverStatus[]): Html {
  const { say, urls } = visit;
  const urgent = found.filter((one) => one.handing_over || isHeldUp(one)).slice(0, MOST_CARDS);
  let cards = MOST_CARDS - urgent.length;
  const sections = ORDER.map((stage) => {
    const ofStage = found.filter((one) => one.stage === stage);
    const others = ofStage.filter((one) => !urgent.includes(one));
    if (others.length === 0) return false;
    const inFull = stage === 'legacy' || stage === 'retired' ? [] : others.slice(0, cards);
    cards -= inFull.length;
    const inShort = others.slice(inFull.length, inFull.length + MOST_ROWS);
    const hidden = others.length - inFull.length - inShort.length;
    return html`<h2>${say(`stage_${stage}`)}<span class="count">${say.number(ofStage.length)}</span></h2>
${inFull.map((status) => card(visit, status))}${inShort.length > 0 && rows(visit, inShort)}
${hidden > 0 && html`<p><a href="${urls.path('/cutover/')}?stage=${stage}">${say('cutover_all', { count: say.number(ofStage.length) })}</a></p>`}
`;
  });
  return html`${urgent.length > 0 && html`<h2>${say('cutover_urgent')}</h2>\n${urgent.map((status) => card(visit, status))}`}${sections}`;
}

/** All lists in a stage, a line each. */
function wholeStage(visit: Visit, stage: Stage, found: readonly CutoverStatus[]): Html {
  const { say, urls, query } = visit;
  const wanted = Number(query.get('offset') ?? 0);
  const offset = Number.isSafeInteger(wanted) && wanted > 0 && wanted < found.length ? wanted : 0;
  const address = (to: number): string => `${urls.path('/cutover/')}?stage=${stage}&offset=${to}`;
  const behind = offset + ROWS_PER_PAGE;
  return html`<h2>${say(`stage_${stage}`)}<span class="count">${say.number(found.length)}</span></h2>
${rows(visit, found.slice(offset, behind))}
${
  found.length > ROWS_PER_PAGE &&
  html`<nav class="pager" aria-label="${say('page_navigation')}">
${offset > 0 ? html`<a rel="prev" href="${address(Math.max(0, offset - ROWS_PER_PAGE))}">← ${say('page_previous')}</a>` : html`<span></span>`}
${behind < found.length && html`<a rel="next" href="${address(behind)}">${say('page_next')} →</a>`}
</nav>`
}`;
}
