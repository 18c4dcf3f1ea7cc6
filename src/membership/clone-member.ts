import type { Connection } from '../database/handle.ts';
import { findMembers, insertMembers } from '../database/members.ts';
import { addressKey, type Mailbox } from '../model/email-address.ts';
import type { Member } from '../model/member.ts';
import type { UtcTime } from '../model/time.ts';
import { newId } from '../model/uuid.ts';
import { ensureAddresses } from './people.ts';

/**
 * Gives another address a membership with the same role and options. In a transaction.
 * @returns whether it is new; whoever has one keeps it as it is
 */
export async function cloneMember(
  connection: Connection,
  member: Member,
  mailbox: Mailbox,
  now: UtcTime,
): Promise<boolean> {
  const key = addressKey(mailbox.address);
  if ((await findMembers(connection, member.listId, member.role, [key])).has(key)) return false;
  const address = (await ensureAddresses(connection, [mailbox], now, now)).get(key);
  if (!address) return false;
  const copy: Member = {
    ...member,
    memberId: newId(),
    addressId: address.addressId,
    email: key,
    originalEmail: mailbox.address,
    subscriptionMode: 'as_address',
    subscribedAt: now,
  };
  await insertMembers(connection, [copy]);
  return true;
}
