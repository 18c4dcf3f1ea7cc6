import type { CutoverStatus } from '../../../../compat/cutover/status.ts';
import type { Traffic } from '../../../../compat/cutover/traffic.ts';
import { STAGES } from '../../../model/cutover.ts';
import { millisecondsOf, timeTag } from '../../archive/times.ts';
import { type Html, html } from '../../html.ts';
import type { Visit } from '../../visit.ts';

type Words = Pick<Visit, 'say' | 'urls'>;

/** All that is known of how far a list is. */
export function card(words: Words, status: CutoverStatus): Html {
  const { list } = status;
  return html`<section class="cutover-card" aria-labelledby="list-${list}">
<h3 id="list-${list}">${linkTo(words, list)}</h3>
${progress(words, status)}
</section>
`;
}

/** The same without the list, for its own page. */
export function progress({ say }: Words, status: CutoverStatus): Html {
  const { list, stage, since, handing_over, problem, next, blocked, traffic } = status;
  const at = STAGES.indexOf(stage);
  const lag = lagText({ say }, status);
  return html`<ol class="way">
${STAGES.map((one, index) => html`<li class="${index < at ? 'done' : index === at ? 'now' : 'ahead'}"${index === at && html` aria-current="step"`}>${say(`stage_${one}`)}</li>\n`)}</ol>
<dl class="facts">
<dt>${say('cutover_since')}</dt><dd>${timeTag(millisecondsOf(since), say)} UTC</dd>
<dt>${say('cutover_members')}</dt><dd>${membersText({ say }, status)}${handing_over && html` <span class="badge">${say('cutover_handing_over')}</span>`}</dd>
${lag !== undefined && html`<dt>${say('cutover_lag')}</dt><dd>${lag}</dd>`}
${(traffic.posts > 0 || stage === 'observe' || stage === 'alongside') && trafficRows({ say }, traffic)}
<dt>${say('cutover_next')}</dt><dd>${next ? html`<code>mailman cutover ${next} ${list}</code>` : say('cutover_finished')}</dd>
</dl>
${blocked.map((text) => html`<p class="failure" role="alert"><strong>${say('cutover_blocked')}</strong> ${text}</p>\n`)}${problem && html`<p class="failure" role="alert">${say('cutover_problem')} ${problem}</p>`}`;
}

/** One line for each list; its own page has the rest. */
export function rows(words: Words, found: readonly CutoverStatus[]): Html {
  return html`<ul class="plain cutover-rows">\n${found.map((status) => row(words, status))}</ul>`;
}

function row(words: Words, status: CutoverStatus): Html {
  const { say } = words;
  const { list, since, handing_over, traffic } = status;
  const { compared, alike } = traffic;
  const lag = status.lag_ms ? lagText(words, status) : undefined;
  const facts: readonly (Html | string | false)[] = [
    html`${say('cutover_members')}: ${membersText(words, status)}`,
    html`${say('cutover_since')} ${timeTag(millisecondsOf(since), say)} UTC`,
    lag !== undefined && html`${say('cutover_lag')}: ${lag}`,
    compared > 0 &&
      html`${say('cutover_parity')}: ${say('cutover_alike', { alike: say.number(alike), compared: say.number(compared) })}`,
  ];
  return html`<li>${linkTo(words, list)}${handing_over && html` <span class="badge">${say('cutover_handing_over')}</span>`}${isHeldUp(status) && html` <span class="badge failed">${say('cutover_held_up')}</span>`}
<p class="meta">${facts.filter((fact) => fact !== false).map((fact, index) => html`${index > 0 && html` <span class="dot">·</span> `}${fact}`)}</p></li>
`;
}

/** Whether something is in the way of a list. */
export function isHeldUp({ blocked, problem }: CutoverStatus): boolean {
  return blocked.length > 0 || problem !== null;
}

function linkTo({ urls }: Words, list: string): Html {
  return html`<a href="${urls.path(`/cutover/${encodeURIComponent(list)}/`)}">${list}</a>`;
}

function lagText({ say }: Pick<Visit, 'say'>, { lag_ms }: CutoverStatus): string | undefined {
  if (lag_ms === null) return undefined;
  if (lag_ms === 0) return say('cutover_up_to_date');
  return say('cutover_behind', { seconds: say.number(Math.round(lag_ms / 100) / 10) });
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
