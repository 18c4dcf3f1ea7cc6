import { findCutover } from '../../database/cutover.ts';
import { findList } from '../../database/lists.ts';
import { isMailman2InCharge } from '../../model/cutover.ts';
import { postingAddress } from '../../model/mailing-list.ts';
import { type Html, html } from '../html.ts';
import type { Visit } from '../visit.ts';

/**
 * What whoever changes a password here has to know: lists that a Mailman 2 has in charge keep the one that they have there, for
 * it stores them in clear text, and nobody's new one goes into such a file.
 */
export async function apartPasswords({ viewer, services, say }: Visit): Promise<Html | undefined> {
  const { connection } = services.database;
  const apart: string[] = [];
  for (const [listId, roles] of viewer?.roles ?? []) {
    const cutover = roles.has('member') ? await findCutover(connection, listId) : undefined;
    const list = cutover && isMailman2InCharge(cutover.stage) && (await findList(connection, listId));
    if (list) apart.push(postingAddress(list));
  }
  if (apart.length === 0) return undefined;
  return html`<p class="note">${say('password_apart', { lists: apart.sort().join(', ') })}</p>`;
}
