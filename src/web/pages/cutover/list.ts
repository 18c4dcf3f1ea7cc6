import { listParity } from '../../../../compat/cutover/parity/parity.ts';
import { formatParity } from '../../../../compat/cutover/parity/text.ts';
import { siteIfThere } from '../../../../compat/cutover/services-context.ts';
import { cutoverStatus } from '../../../../compat/cutover/status.ts';
import { findCutover } from '../../../database/cutover.ts';
import { type AuditEntry, auditOf } from '../../../database/cutover-audit.ts';
import { findList } from '../../../database/lists.ts';
import { isMailman2InCharge } from '../../../model/cutover.ts';
import { type MailingList, postingAddress } from '../../../model/mailing-list.ts';
import { earlierBy, SECONDS_PER_DAY } from '../../../model/time.ts';
import { htmlAnswer } from '../../answer.ts';
import { millisecondsOf, timeTag } from '../../archive/times.ts';
import { NotFoundError } from '../../errors.ts';
import { type Html, html } from '../../html.ts';
import { layout } from '../../layout.ts';
import type { Page } from '../../page.ts';
import type { Visit } from '../../visit.ts';
import { progress } from './card.ts';
import { requireServerOwner } from './overview.ts';

const MOST_ENTRIES = 200;

/** What was done to a list on its way, when, by whom, and how it ended. */
export const cutoverList: Page = {
  path: '/cutover/:list/',
  get: async (visit) => {
    requireServerOwner(visit);
    const { services, say, urls, params } = visit;
    const { connection } = services.database;
    const list = await findList(connection, (params.list ?? '').toLowerCase());
    const cutover = list && (await findCutover(connection, list.listId));
    if (!list || !cutover) throw new NotFoundError('error_list_not_found');
    const trail = withoutEnded((await auditOf(connection, list.listId)).toReversed()).slice(0, MOST_ENTRIES);
    const { site } = siteIfThere(services.config);
    const [status] = await cutoverStatus(services, site, [list.listId]);
    const markup = layout(visit, {
      title: postingAddress(list),
      isIndexed: false,
      trail: [[say('cutover_title'), urls.path('/cutover/')]],
      content: html`<h1>${postingAddress(list)}</h1>
${status && progress(visit, status)}
${
  isMailman2InCharge(cutover.stage) &&
  html`<h2>${say('cutover_parity_day')}</h2>
<pre class="report" tabindex="0">${(await parityLines(visit, list)).join('\n')}</pre>`
}
<h2>${say('cutover_trail')}</h2>
${trail.length === 0 ? html`<p class="quiet">${say('cutover_no_trail')}</p>` : html`<ul class="plain trail-list">\n${trail.map((one) => entry(visit, one))}</ul>`}`,
    });
    return htmlAnswer(markup, { visibility: 'private' });
  },
};

/** A step that has ended says so itself; one that was only begun goes on, or was cut off. @param trail the last one first */
function withoutEnded(trail: readonly AuditEntry[]): AuditEntry[] {
  return trail.filter(({ action, outcome }, place) => {
    const next = trail[place - 1];
    return outcome !== 'begun' || next?.action !== action || next.outcome === 'begun';
  });
}

/** The report of `mailman cutover parity` on the last day, as far as it is noted. */
async function parityLines({ services }: Visit, list: MailingList): Promise<string[]> {
  const since = earlierBy(services.clock.now(), SECONDS_PER_DAY);
  return formatParity(await listParity(services.database.connection, undefined, list, since));
}

function entry({ say }: Visit, { doneAt, who, action, outcome, details }: AuditEntry): Html {
  const did = Array.isArray(details.did) ? details.did.map(String) : [];
  const reason = typeof details.reason === 'string' ? details.reason : undefined;
  return html`<li><strong>${action}</strong> <span class="badge ${outcome}">${outcome}</span>
<p class="meta">${timeTag(millisecondsOf(doneAt), say)} UTC <span class="dot">·</span> ${who}</p>
${did.map((line) => html`<p class="meta">${line}</p>\n`)}${reason !== undefined && html`<p class="meta">${reason}</p>`}</li>\n`;
}
