import { addressesOfUser, setPreferredAddress } from '../database/addresses.ts';
import type { Connection } from '../database/handle.ts';
import { findMembers, membershipsOfAll } from '../database/members.ts';
import type { Address } from '../model/address.ts';
import { refuseMoveWhereMailman2InCharge } from './mailman2-in-charge.ts';
import { movedTo } from './move-membership.ts';

/**
 * Makes one of a user's addresses the preferred one. Memberships of the user (`as_user`) follow it, but not where the
 * address is on that list already. In a transaction.
 * @throws Mailman2InChargeError
 */
export async function changePreferredAddress(
  connection: Connection,
  userId: string,
  address: Address,
): Promise<void> {
  await setPreferredAddress(connection, userId, address.addressId);
  const addresses = await addressesOfUser(connection, userId);
  const memberships = await membershipsOfAll(
    connection,
    addresses.map(({ addressId }) => addressId),
  );
  const followers = memberships.filter(
    ({ subscriptionMode, addressId }) => subscriptionMode === 'as_user' && addressId !== address.addressId,
  );
  await refuseMoveWhereMailman2InCharge(connection, followers);
  for (const member of memberships) {
    if (member.subscriptionMode !== 'as_user' || member.addressId === address.addressId) continue;
    const there = await findMembers(connection, member.listId, member.role, [address.email]);
    if (there.size === 0) await movedTo(connection, member, address);
  }
}
