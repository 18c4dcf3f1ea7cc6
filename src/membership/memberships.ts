import { addressesOfUser, findAddress } from '../database/addresses.ts';
import type { Connection } from '../database/handle.ts';
import { membershipsOfAll } from '../database/members.ts';
import type { Member } from '../model/member.ts';

/** All memberships of an address, or of all addresses of a user, by list, address and role. */
export async function membershipsOfSubscriber(
  connection: Connection,
  who: { readonly email: string } | { readonly userId: string },
): Promise<Member[]> {
  const addresses =
    'userId' in who
      ? await addressesOfUser(connection, who.userId)
      : [await findAddress(connection, who.email)].filter((address) => address !== undefined);
  const members = await membershipsOfAll(
    connection,
    addresses.map(({ addressId }) => addressId),
  );
  const order = ({ listId, email, role }: Member): string => `${listId}\0${email}\0${role}`;
  return members.sort((one, other) => (order(one) < order(other) ? -1 : 1));
}
