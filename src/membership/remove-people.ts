import { addressesOfUser, deleteAddress } from '../database/addresses.ts';
import type { Connection } from '../database/handle.ts';
import { membershipsOf, membershipsOfAll } from '../database/members.ts';
import { deleteUser } from '../database/users.ts';
import { refuseMoveWhereMailman2InCharge } from './mailman2-in-charge.ts';

/** Removes an address with its memberships. In a transaction. @throws Mailman2InChargeError */
export async function removeAddress(connection: Connection, addressId: string): Promise<void> {
  await refuseMoveWhereMailman2InCharge(connection, await membershipsOf(connection, addressId));
  await deleteAddress(connection, addressId);
}

/** Removes a user with all addresses and memberships. In a transaction. @throws Mailman2InChargeError */
export async function removeUser(connection: Connection, userId: string): Promise<void> {
  const addresses = await addressesOfUser(connection, userId);
  const memberships = await membershipsOfAll(
    connection,
    addresses.map(({ addressId }) => addressId),
  );
  await refuseMoveWhereMailman2InCharge(connection, memberships);
  await deleteUser(connection, userId);
}
