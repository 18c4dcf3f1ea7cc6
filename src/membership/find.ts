import { allAddressNames } from '../database/addresses.ts';
import type { Connection } from '../database/handle.ts';
import { membershipsOfAll } from '../database/members.ts';
import type { Member } from '../model/member.ts';
import type { Pattern } from '../model/pattern.ts';

/**
 * The memberships of everybody one of whose addresses matches, under all their addresses. An address that belongs to
 * no user, as that of a nonmember may, stands for itself.
 */
export async function findMemberships(connection: Connection, pattern: Pattern): Promise<Member[]> {
  const addresses = await allAddressNames(connection);
  const matches = addresses.filter(
    ({ email, originalEmail }) =>
      pattern.test(originalEmail) || (originalEmail !== email && pattern.test(email)),
  );
  const addressIds = new Set(matches.map(({ addressId }) => addressId));
  const userIds = new Set(matches.map(({ userId }) => userId).filter((userId) => userId !== null));
  for (const { addressId, userId } of addresses) {
    if (userId !== null && userIds.has(userId)) addressIds.add(addressId);
  }
  return membershipsOfAll(connection, [...addressIds]);
}
