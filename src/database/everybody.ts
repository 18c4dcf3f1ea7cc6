import type { Address } from '../model/address.ts';
import type { User } from '../model/user.ts';
import { type AddressRow, addressFromRow } from './addresses.ts';
import type { Connection } from './handle.ts';
import { type UserRow, userFromRow } from './users.ts';

/** A user with what belongs to the person. */
export interface Person {
  readonly user: User;
  readonly addresses: readonly (Address & { readonly isPreferred: boolean })[];
  /** How many memberships, in any role. */
  readonly memberships: number;
  readonly ownsDomains: readonly string[];
}

interface Total {
  readonly user_id: string;
  readonly total: number | string;
}

/** All users, by when they were made. */
export async function everybody(connection: Connection): Promise<Person[]> {
  const users = await connection<UserRow>('user').orderBy(['created_on', 'user_id']);
  const addresses = Map.groupBy(
    await connection<AddressRow>('address').whereNotNull('user_id').orderBy('email'),
    (row) => row.user_id,
  );
  const totals: Total[] = await connection('member')
    .join('address', 'address.address_id', 'member.address_id')
    .whereNotNull('address.user_id')
    .groupBy('address.user_id')
    .select('address.user_id', connection.raw('COUNT(*) AS total'));
  const memberships = new Map(totals.map(({ user_id, total }) => [user_id, Number(total)]));
  const owned: { user_id: string; mail_host: string }[] = await connection('domain_owner')
    .orderBy('mail_host')
    .select('user_id', 'mail_host');
  const domains = Map.groupBy(owned, ({ user_id }) => user_id);
  return users.map((row) => ({
    user: userFromRow(row),
    addresses: (addresses.get(row.user_id) ?? []).map((address) => ({
      ...addressFromRow(address),
      isPreferred: address.is_preferred === 1,
    })),
    memberships: memberships.get(row.user_id) ?? 0,
    ownsDomains: (domains.get(row.user_id) ?? []).map(({ mail_host }) => mail_host),
  }));
}
