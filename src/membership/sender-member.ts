import { findAddress } from '../database/addresses.ts';
import type { Connection } from '../database/handle.ts';
import { findMembers } from '../database/members.ts';
import type { Member } from '../model/member.ts';

/** The membership through which somebody posts: of the address itself, else of another address of the same user. */
export async function memberForSender(
  connection: Connection,
  listId: string,
  key: string,
): Promise<Member | undefined> {
  const own = (await findMembers(connection, listId, 'member', [key])).get(key);
  if (own) return own;
  const address = await findAddress(connection, key);
  if (!address || address.userId === null || address.verifiedOn === null) return undefined;
  const others: string[] = await connection('address')
    .where('user_id', address.userId)
    .whereNot('email', key)
    .whereNotNull('verified_on')
    .pluck('email');
  const members = await findMembers(connection, listId, 'member', others);
  return members.values().next().value;
}
