import { lockList } from '../../database/lists.ts';
import { findMembers } from '../../database/members.ts';
import { deletePending, type Pending } from '../../database/pending.ts';
import type { MailingList } from '../../model/mailing-list.ts';
import type { Step } from '../../queue/step.ts';
import { enableDelivery } from '../preferences.ts';
import { RequestRefused } from './refusal.ts';

/**
 * Sends mail again to a member whose mail bounced, and forgets what has bounced. Mailman 2.1 mails such tokens when it
 * stops sending. The token is used up.
 * @throws RequestRefused unknown_token, not_member
 */
export async function confirmReEnable(step: Step, list: MailingList, pending: Pending): Promise<void> {
  const { connection, clock } = step;
  await lockList(connection, list.listId);
  if (!(await deletePending(connection, pending.token))) throw new RequestRefused('unknown_token');
  const member = (await findMembers(connection, list.listId, 'member', [pending.email])).get(pending.email);
  if (!member) throw new RequestRefused('not_member');
  await enableDelivery(connection, member, clock.now());
}
