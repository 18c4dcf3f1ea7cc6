import type { Knex } from 'knex';
import type { Address } from '../model/address.ts';
import type { User } from '../model/user.ts';
import { type AddressRow, addressFromRow } from './addresses.ts';
import type { Connection } from './handle.ts';
import { likePattern } from './member-pages.ts';
import { type Page, type Paged, pageOfQuery } from './pages.ts';
import { type UserRow, userFromRow } from './users.ts';

/** Which users; what is left out does not restrict. */
export interface UserSearch {
  readonly isServerOwner?: boolean;
  /** A part of a name, an address or the name of an address, in any case. */
  readonly text?: string;
}

/** One page of the users that a search finds, by when they were made. */
export async function userPage(connection: Connection, search: UserSearch, page: Page): Promise<Paged<User>> {
  const rows = restrict(connection, connection('user'), search).orderBy(['created_on', 'user_id']);
  const found = await pageOfQuery<UserRow>(rows, page, restrict(connection, connection('user'), search));
  return { total: found.total, rows: found.rows.map(userFromRow) };
}

function restrict(
  connection: Connection,
  query: Knex.QueryBuilder,
  { isServerOwner, text }: UserSearch,
): Knex.QueryBuilder {
  if (isServerOwner) query.where('is_server_owner', 1);
  if (text === undefined) return query;
  const like = `%${likePattern(text)}%`;
  const addresses = connection('address')
    .whereNotNull('user_id')
    .where((either) => {
      either
        .whereRaw("LOWER(original_email) LIKE ? ESCAPE '!'", [like])
        .orWhereRaw("LOWER(display_name) LIKE ? ESCAPE '!'", [like]);
    })
    .select('user_id');
  return query.where((either) => {
    if (text !== '') either.whereRaw("LOWER(display_name) LIKE ? ESCAPE '!'", [like]);
    either.orWhereIn('user_id', addresses);
  });
}

/** One page of all addresses, or of those of a user, as they are written, capitals first. */
export async function addressPage(
  connection: Connection,
  page: Page,
  userId?: string,
): Promise<Paged<Address>> {
  const query = (): Knex.QueryBuilder =>
    userId === undefined ? connection('address') : connection('address').where('user_id', userId);
  const found = await pageOfQuery<AddressRow>(query().orderBy('original_email'), page, query());
  return { total: found.total, rows: found.rows.map(addressFromRow) };
}
