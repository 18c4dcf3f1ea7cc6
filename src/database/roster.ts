import type { Knex } from 'knex';
import type { DeliveryMode, DeliveryStatus, Role } from '../model/enums.ts';
import type { Member } from '../model/member.ts';
import { type EffectivePreferences, preferenceNames, systemPreferences } from '../model/preferences.ts';
import type { Connection } from './handle.ts';
import { type MemberRow, memberFromRow } from './members.ts';
import { type PreferenceRow, truth } from './rows.ts';
import { query } from './statement.ts';

/** A membership with what the address and the user behind it contribute. */
export interface RosterEntry {
  readonly member: Member;
  /** The name on this list, else the address's, else the user's, else ''. */
  readonly displayName: string;
  readonly userId: string | null;
  readonly preferences: EffectivePreferences;
}

/** Which memberships; what is left out does not restrict. Delivery is compared with what applies in the end. */
export interface RosterFilter {
  readonly listId?: string;
  readonly roles?: readonly Role[];
  readonly deliveryModes?: readonly DeliveryMode[];
  readonly deliveryStatuses?: readonly DeliveryStatus[];
}

/** A row of `rosterQuery`. */
export type RosterRow = MemberRow &
  EffectiveRow & {
    readonly address_name: string;
    readonly user_name: string | null;
    readonly user_id: string | null;
  };

/** The first of each preference that is set by the member, the address or the user. */
type EffectiveRow = { readonly [K in keyof PreferenceRow as `effective_${K}`]: PreferenceRow[K] };

/**
 * The memberships that a filter lets through, by list, address and role.
 * @param listLanguage what applies where nobody set a language
 */
export async function roster(
  connection: Connection,
  filter: RosterFilter,
  listLanguage: string,
): Promise<RosterEntry[]> {
  const query = rosterQuery(connection).orderBy(['member.list_id', 'member.email', 'member.role']);
  if (filter.listId !== undefined) query.where('member.list_id', filter.listId);
  if (filter.roles) query.whereIn('member.role', filter.roles);
  const { delivery_mode, delivery_status } = systemPreferences;
  restrict(query, 'delivery_mode', delivery_mode, filter.deliveryModes);
  restrict(query, 'delivery_status', delivery_status, filter.deliveryStatuses);
  const rows: RosterRow[] = await query;
  return rows.map((row) => toRosterEntry(row, listLanguage));
}

const entryStatements = new Map<string, string>();

/**
 * One membership with what applies to it, for what needs it often.
 * @param listLanguage what applies where nobody set a language
 */
export async function rosterEntry(
  connection: Connection,
  memberId: string,
  listLanguage: string,
): Promise<RosterEntry | undefined> {
  const { dialect } = connection.client as { readonly dialect: string };
  const statement =
    entryStatements.get(dialect) ?? rosterQuery(connection).where('member.member_id', memberId).toSQL().sql;
  entryStatements.set(dialect, statement);
  const [row] = await query<RosterRow>(connection, statement, [memberId]);
  return row && toRosterEntry(row, listLanguage);
}

/** Memberships with the columns that `toRosterEntry` needs, in no order. */
export function rosterQuery(connection: Connection): Knex.QueryBuilder<RosterRow, RosterRow[]> {
  return connection('member')
    .join('address', 'address.address_id', 'member.address_id')
    .leftJoin('user', 'user.user_id', 'address.user_id')
    .select('member.*', 'address.user_id', {
      address_name: 'address.display_name',
      user_name: 'user.display_name',
    })
    .select(
      preferenceNames.map((name) =>
        connection.raw('COALESCE(??, ??, ??) AS ??', [...chain(name), `effective_${name}`]),
      ),
    );
}

/** @param listLanguage what applies where nobody set a language */
export function toRosterEntry(row: RosterRow, listLanguage: string): RosterEntry {
  const initial = systemPreferences;
  return {
    member: memberFromRow(row),
    displayName: row.display_name || row.address_name || (row.user_name ?? ''),
    userId: row.user_id,
    preferences: {
      acknowledge_posts: truth(row.effective_acknowledge_posts) ?? initial.acknowledge_posts,
      hide_address: truth(row.effective_hide_address) ?? initial.hide_address,
      preferred_language: row.effective_preferred_language ?? listLanguage,
      receive_list_copy: truth(row.effective_receive_list_copy) ?? initial.receive_list_copy,
      receive_own_postings: truth(row.effective_receive_own_postings) ?? initial.receive_own_postings,
      delivery_mode: row.effective_delivery_mode ?? initial.delivery_mode,
      delivery_status: row.effective_delivery_status ?? initial.delivery_status,
    },
  };
}

/** The columns in which a preference is looked for, the first that is set wins. */
function chain(name: string): string[] {
  return [`member.${name}`, `address.${name}`, `user.${name}`];
}

function restrict(
  query: Knex.QueryBuilder,
  name: string,
  initial: string,
  allowed?: readonly string[],
): void {
  if (!allowed) return;
  if (allowed.length === 0) {
    query.whereRaw('1 = 0');
    return;
  }
  const marks = allowed.map(() => '?').join(', ');
  query.whereRaw(`COALESCE(??, ??, ??, ?) IN (${marks})`, [...chain(name), initial, ...allowed]);
}
