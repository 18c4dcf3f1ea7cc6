import { serverBlockers } from '../../../../compat/cutover/blockers.ts';
import { siteIfThere } from '../../../../compat/cutover/services-context.ts';
import { type CutoverStatus, cutoverStatus } from '../../../../compat/cutover/status.ts';
import type { Traffic } from '../../../../compat/cutover/traffic.ts';
import { isMailman2InCharge, STAGES, type Stage } from '../../../model/cutover.ts';
import { htmlAnswer } from '../../answer.ts';
import { millisecondsOf, timeTag } from '../../archive/times.ts';
import { ForbiddenError, SignInNeededError } from '../../errors.ts';
import { type Html, html } from '../../html.ts';
import { layout } from '../../layout.ts';
import type { Page } from '../../page.ts';
import type { Visit } from '../../visit.ts';

/** Seconds after which a browser asks again. */
const REFRESH = 10;
/** What is asked of Postfix and LMTP stays good for so many milliseconds, however many look on. */
const BLOCKERS_LIFE = 30_000;

/** The move from Mailman 2, as it goes on: for the administrators of the server. */
export const cutoverOverview: Page = {
  path: '/cutover/',
  get: async (visit) => {
    requireServerOwner(visit);
    const { services, say, urls, query } = visit;
    const { site, problem } = siteIfThere(services.config);
    const found = (await cutoverStatus(services, site)).toSorted(byUrgency);
    const isLive = !query.has('still') && found.some(({ stage }) => stage !== 'retired');
    const blockers = await currentBlockers(visit, found);
    const markup = layout(visit, {
      title: say('cutover_title'),
      isIndexed: false,
      content: html`<h1>${say('cutover_title')}</h1>
<p class="lead">${say('cutover_intro')}</p>
<p class="quiet">${say('cutover_as_of')} ${timeTag(millisecondsOf(services.clock.now()), say)} UTC. ${
        isLive
          ? html`${say('cutover_refreshes', { seconds: REFRESH })} <a href="${urls.path('/cutover/')}?still=1">${say('cutover_hold')}</a>`
          : html`<a href="${urls.path('/cutover/')}">${say('cutover_refresh')}</a>`
      }</p>
${[...(problem && found.some(({ stage }) => stage !== 'retired') ? [problem.message] : []), ...blockers].map((text) => html`<p class="failure" role="alert"><strong>${say('cutover_blocked')}</strong> ${text}</p>\n`)}
${found.length === 0 ? html`<p>${say('cutover_none')}</p>` : html`${summary(visit, found)}${found.map((status) => card(visit, status))}`}`,
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
const ORDER: readonly Stage[] = ['lead', 'alongside', 'observe', 'legacy', 'retired'];

function byUrgency(one: CutoverStatus, other: CutoverStatus): number {
  return ORDER.indexOf(one.stage) - ORDER.indexOf(other.stage);
}

/** How many lists are in each stage. */
function summary({ say }: Visit, found: readonly CutoverStatus[]): Html {
  return html`<ol class="stages" aria-label="${say('cutover_stages')}">
${STAGES.map((stage) => html`<li><span class="stage-count">${say.number(found.filter((one) => one.stage === stage).length)}</span> ${say(`stage_${stage}`)}</li>\n`)}</ol>`;
}

function card({ say, urls }: Visit, status: CutoverStatus): Html {
  const { list, stage, since, members, handed_over, handing_over, lag_ms, problem, next, blocked } = status;
  const { traffic } = status;
  const at = STAGES.indexOf(stage);
  return html`<section class="cutover-card" aria-labelledby="list-${list}">
<h2 id="list-${list}"><a href="${urls.path(`/cutover/${encodeURIComponent(list)}/`)}">${list}</a></h2>
<ol class="way">
${STAGES.map((one, index) => html`<li class="${index < at ? 'done' : index === at ? 'now' : 'ahead'}"${index === at && html` aria-current="step"`}>${say(`stage_${one}`)}</li>\n`)}</ol>
<dl class="facts">
<dt>${say('cutover_since')}</dt><dd>${timeTag(millisecondsOf(since), say)} UTC</dd>
<dt>${say('cutover_members')}</dt><dd>${membersText({ say }, { stage, members, handed_over })}${handing_over && html` <span class="badge">${say('cutover_handing_over')}</span>`}</dd>
${lag_ms !== null && html`<dt>${say('cutover_lag')}</dt><dd>${lag_ms === 0 ? say('cutover_up_to_date') : say('cutover_behind', { seconds: say.number(Math.round(lag_ms / 100) / 10) })}</dd>`}
${(traffic.posts > 0 || stage === 'observe' || stage === 'alongside') && trafficRows({ say }, traffic)}
<dt>${say('cutover_next')}</dt><dd>${next ? html`<code>mailman cutover ${next} ${list}</code>` : say('cutover_finished')}</dd>
</dl>
${blocked.map((text) => html`<p class="failure" role="alert"><strong>${say('cutover_blocked')}</strong> ${text}</p>\n`)}${problem && html`<p class="failure" role="alert">${say('cutover_problem')} ${problem}</p>`}
</section>
`;
}

function membersText(
  { say }: Pick<Visit, 'say'>,
  { stage, members, handed_over }: Pick<CutoverStatus, 'stage' | 'members' | 'handed_over'>,
): string {
  return stage === 'alongside'
    ? say('cutover_shares', {
        ferryman: say.number(handed_over),
        mailman: say.number(members - handed_over),
      })
    : say.number(members);
}

function trafficRows({ say }: Pick<Visit, 'say'>, traffic: Traffic): Html {
  const { posts, compared, alike, by_mailman2, by_ferryman } = traffic;
  return html`<dt>${say('cutover_posts')}</dt><dd>${say.number(posts)}</dd>
<dt>${say('cutover_parity')}</dt><dd>${
    compared === 0
      ? say('cutover_not_compared')
      : html`${say('cutover_alike', { alike: say.number(alike), compared: say.number(compared) })} <meter min="0" max="${compared}" value="${alike}">${alike}/${compared}</meter>`
  }</dd>
<dt>${say('cutover_deliveries')}</dt><dd>${say('cutover_both', { mailman: say.number(by_mailman2), ferryman: say.number(by_ferryman) })}</dd>`;
}
