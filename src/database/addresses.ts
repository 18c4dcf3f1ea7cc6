import type { Address } from '../model/address.ts';
import { addressKey } from '../model/email-address.ts';
import type { UtcTime } from '../model/time.ts';
import type { Connection } from './handle.ts';
import { forgetAllReads, forgetReads } from './read-once.ts';
import { batches, insertRows, type PreferenceRow, preferencesFromRow, preferencesToRow } from './rows.ts';
import { executeIn, queryIn } from './statement.ts';

/** Addresses per UPDATE that treats each of them differently. */
const ASSIGN_BATCH = 500;

/** A row of the table `address`. */
export interface AddressRow extends PreferenceRow {
  readonly address_id: string;
  readonly email: string;
  readonly original_email: string;
  readonly display_name: string;
  readonly registered_on: UtcTime;
  readonly verified_on: UtcTime | null;
  readonly user_id: string | null;
  readonly is_preferred: 1 | null;
}

/** An address by its spelling in lower case. */
export async function findAddress(connection: Connection, email: string): Promise<Address | undefined> {
  const row = await connection<AddressRow>('address').where('email', addressKey(email)).first();
  return row && addressFromRow(row);
}

/** The addresses that are known among these keys, by key. */
export async function findAddresses(
  connection: Connection,
  keys: readonly string[],
): Promise<Map<string, Address>> {
  const rows = await queryIn<AddressRow>(
    connection,
    (isListed) => `SELECT * FROM address WHERE email ${isListed}`,
    [],
    keys,
  );
  return new Map(rows.map((row) => [row.email, addressFromRow(row)]));
}

/** All addresses of a user, sorted. */
export async function addressesOfUser(connection: Connection, userId: string): Promise<Address[]> {
  return (await connection<AddressRow>('address').where('user_id', userId).orderBy('email')).map(
    addressFromRow,
  );
}

/** All addresses there are, with no more of each than a search needs. */
export async function allAddressNames(
  connection: Connection,
): Promise<Pick<Address, 'addressId' | 'email' | 'originalEmail' | 'userId'>[]> {
  const rows = await connection<AddressRow>('address').select(
    'address_id',
    'email',
    'original_email',
    'user_id',
  );
  return rows.map((row) => ({
    addressId: row.address_id,
    email: row.email,
    originalEmail: row.original_email,
    userId: row.user_id,
  }));
}

/** Stores new addresses. */
export async function insertAddresses(connection: Connection, addresses: readonly Address[]): Promise<void> {
  await insertRows(connection, 'address', addresses.map(toRow));
}

/**
 * Stores the address as it is given; memberships follow a changed e-mail. The preferred address of a user is not that
 * of the next one whom it belongs to.
 */
export async function updateAddress(connection: Connection, address: Address): Promise<void> {
  forgetReads(connection, 'members');
  await connection('address')
    .where('address_id', address.addressId)
    .whereNot('user_id', address.userId ?? '')
    .update({ is_preferred: null });
  await connection('address').where('address_id', address.addressId).update(toRow(address));
}

/** The address that a user prefers. */
export async function preferredAddress(connection: Connection, userId: string): Promise<Address | undefined> {
  const row = await connection<AddressRow>('address').where({ user_id: userId, is_preferred: 1 }).first();
  return row && addressFromRow(row);
}

/** Makes an address of the user the preferred one, or (null) none. */
export async function setPreferredAddress(
  connection: Connection,
  userId: string,
  addressId: string | null,
): Promise<void> {
  await connection('address').where({ user_id: userId, is_preferred: 1 }).update({ is_preferred: null });
  if (addressId === null) return;
  await connection('address').where({ user_id: userId, address_id: addressId }).update({ is_preferred: 1 });
}

/** Gives addresses, by id, to users. */
export async function assignUsers(
  connection: Connection,
  owners: ReadonlyMap<string, string>,
): Promise<void> {
  forgetReads(connection, 'members');
  for (const batch of batches([...owners], ASSIGN_BATCH)) {
    const cases = batch.map(() => 'WHEN ? THEN ?').join(' ');
    await connection('address')
      .whereIn(
        'address_id',
        batch.map(([addressId]) => addressId),
      )
      .update({ user_id: connection.raw(`CASE address_id ${cases} END`, batch.flat()) });
  }
}

/** Marks these addresses as verified, where they are not yet. */
export async function verifyAddresses(
  connection: Connection,
  addressIds: readonly string[],
  when: UtcTime,
): Promise<void> {
  await executeIn(
    connection,
    (isListed) => `UPDATE address SET verified_on = ? WHERE verified_on IS NULL AND address_id ${isListed}`,
    [when],
    addressIds,
  );
}

/** Removes the address with its memberships. */
export async function deleteAddress(connection: Connection, addressId: string): Promise<void> {
  forgetAllReads(connection);
  await connection('address').where('address_id', addressId).delete();
}

function toRow(address: Address) {
  return {
    address_id: address.addressId,
    email: address.email,
    original_email: address.originalEmail,
    display_name: address.displayName,
    registered_on: address.registeredOn,
    verified_on: address.verifiedOn,
    user_id: address.userId,
    ...preferencesToRow(address.preferences),
  };
}

/** An address as its row has it. */
export function addressFromRow(row: AddressRow): Address {
  return {
    addressId: row.address_id,
    email: row.email,
    originalEmail: row.original_email,
    displayName: row.display_name,
    registeredOn: row.registered_on,
    verifiedOn: row.verified_on,
    userId: row.user_id,
    preferences: preferencesFromRow(row),
  };
}
