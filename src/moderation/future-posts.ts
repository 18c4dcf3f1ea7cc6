import { findMembers, updateMember } from '../database/members.ts';
import { ensureNonmembers } from '../membership/nonmembers.ts';
import { addressKey } from '../model/email-address.ts';
import { type MailingList, postingAddress } from '../model/mailing-list.ts';
import type { Step } from '../queue/step.ts';

export const futureActions = ['accept', 'hold', 'reject', 'discard'] as const;
export type FutureAction = (typeof futureActions)[number];

/**
 * Decides about all further posts of somebody. Posts of a member that are accepted still pass the other checks of the list, as
 * those of members who are not moderated do; a nonmember gets a record of its own.
 * @param sender an address
 */
export async function decideFuturePosts(
  { connection, clock, log }: Step,
  list: MailingList,
  sender: string,
  action: FutureAction,
): Promise<void> {
  const key = addressKey(sender);
  const member = (await findMembers(connection, list.listId, 'member', [key])).get(key);
  const known =
    member ??
    (await ensureNonmembers(connection, list, [{ address: sender, displayName: '' }], clock.now())).get(key);
  if (!known) return;
  const moderationAction = member && action === 'accept' ? 'defer' : action;
  await updateMember(connection, { ...known, moderationAction });
  log('vette', `${postingAddress(list)}: further posts of ${key}: ${moderationAction}`);
}
