import type { Address } from '../model/address.ts';
import type { DeliveryMode } from '../model/enums.ts';
import type { User } from '../model/user.ts';
import { type AddressRow, addressFromRow } from './addresses.ts';
import type { Connection } from './handle.ts';
import { selectIn } from './rows.ts';
import { type UserRow, userFromRow } from './users.ts';

/** An address, and whether its user prefers it to others. */
export interface AddressOnList {
  readonly address: Address;
  readonly isPreferred: boolean;
}

/** The addresses that have any role on a list, sorted. */
export async function addressesOnList(connection: Connection, listId: string): Promise<AddressOnList[]> {
  const rows = await connection<AddressRow>('address')
    .whereIn('address_id', connection('member').where('list_id', listId).select('address_id'))
    .orderBy('email');
  return rows.map((row) => ({ address: addressFromRow(row), isPreferred: row.is_preferred === 1 }));
}

/** The users of these addresses, by identifier. */
export async function usersOnList(connection: Connection, listId: string): Promise<User[]> {
  const rows = await connection<UserRow>('user')
    .whereIn(
      'user_id',
      connection('address')
        .join('member', 'member.address_id', 'address.address_id')
        .where('member.list_id', listId)
        .whereNotNull('address.user_id')
        .select('address.user_id'),
    )
    .orderBy('user_id');
  return rows.map(userFromRow);
}

/** The members of a list who gave digests up and get one more, with its kind. */
export async function lastDigestsOf(
  connection: Connection,
  listId: string,
): Promise<Map<string, DeliveryMode>> {
  const rows: { member_id: string; delivery_mode: DeliveryMode }[] = await connection('last_digest')
    .join('member', 'member.member_id', 'last_digest.member_id')
    .where('member.list_id', listId)
    .select('last_digest.member_id', 'last_digest.delivery_mode');
  return new Map(rows.map((row) => [row.member_id, row.delivery_mode]));
}

/** Which of these identifiers somebody has already. */
export async function takenIds(
  connection: Connection,
  table: 'member' | 'user',
  ids: readonly string[],
): Promise<Set<string>> {
  const column = `${table}_id`;
  const rows = await selectIn<{ [name: string]: string }>(ids, (batch) =>
    connection(table)
      .whereIn(column, [...batch])
      .select(column),
  );
  return new Set(rows.map((row) => row[column] ?? ''));
}
