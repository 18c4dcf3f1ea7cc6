import type { Connection } from '../database/handle.ts';
import { updateSettings } from '../database/lists.ts';
import { deleteMembers, findMembers } from '../database/members.ts';
import { deletePendingOf } from '../database/pending.ts';
import { addressKey } from '../model/email-address.ts';
import type { Role } from '../model/enums.ts';
import type { MailingList } from '../model/mailing-list.ts';
import { refuseWhereMailman2InCharge } from './mailman2-in-charge.ts';

const NONMEMBER_LISTS = [
  'accept_these_nonmembers',
  'hold_these_nonmembers',
  'reject_these_nonmembers',
  'discard_these_nonmembers',
] as const;

/**
 * Removes many from one role of a list, at once and without asking (the policies are applied before).
 * @returns for each address whether it was there
 * @throws Mailman2InChargeError
 */
export async function unsubscribe(
  connection: Connection,
  list: MailingList,
  role: Role,
  emails: readonly string[],
): Promise<boolean[]> {
  const keys = emails.map(addressKey);
  const members = await findMembers(connection, list.listId, role, [...new Set(keys)]);
  if (members.size > 0)
    await refuseWhereMailman2InCharge(connection, list, role === 'member' ? [...members.keys()] : []);
  await deleteMembers(
    connection,
    [...members.values()].map(({ memberId }) => memberId),
  );
  if (role === 'member')
    await deletePendingOf(connection, list.listId, 'unsubscription', [...members.keys()]);
  if (role === 'nonmember' && members.size > 0) await forgetNonmembers(connection, list, members);
  return keys.map((key) => members.has(key));
}

/** Whoever is removed from the nonmembers is nobody in particular any more: the four lists of addresses forget them too. */
async function forgetNonmembers(
  connection: Connection,
  list: MailingList,
  gone: ReadonlyMap<string, unknown>,
): Promise<void> {
  const changes = NONMEMBER_LISTS.map((name) => [
    name,
    list.settings[name].filter((entry) => !gone.has(addressKey(entry))),
  ]);
  await updateSettings(connection, list, Object.fromEntries(changes));
}
