import type { Knex } from 'knex';
import { type Action, type DeliveryMode, type DeliveryStatus, type Role, roles } from '../model/enums.ts';
import { type EffectivePreferences, systemPreferences } from '../model/preferences.ts';
import type { Connection } from './handle.ts';
import { memberCounts } from './member-counts.ts';
import { countMembers, type MemberRow, memberFromRow } from './members.ts';
import type { Page, Paged } from './pages.ts';
import { pageOfQuery } from './pages.ts';
import { type RosterEntry, type RosterRow, rosterQuery, toRosterEntry } from './roster.ts';
import { rosterPlaces } from './roster-places.ts';
import { query } from './statement.ts';

/** Which memberships; what is left out does not restrict. */
export interface MemberSearch {
  readonly listId?: string | undefined;
  readonly role?: Role | undefined;
  /** The key of an address, or with `*` a pattern for the whole address or name, in any case. */
  readonly subscriber?: string | undefined;
  /** Null: those without an action of their own. */
  readonly moderationAction?: Action | null | undefined;
  /** Compared with what applies in the end. */
  readonly deliveryMode?: DeliveryMode | undefined;
  readonly deliveryStatus?: DeliveryStatus | undefined;
}

/** Memberships of one role on one list, and how many they are. */
interface Segment {
  readonly listId: string;
  readonly role: Role;
  readonly total: number;
}

/**
 * One page of the memberships of a list in one role, by address. The page is cut by an index: members before it are not
 * read, and on SQLite not even counted where the page before was asked for as well.
 */
export async function rosterPage(
  connection: Connection,
  listId: string,
  role: Role,
  page: Page,
): Promise<Paged<RosterEntry>> {
  const total =
    role === 'member'
      ? ((await memberCounts(connection, [listId])).get(listId) ?? 0)
      : await countMembers(connection, listId, [role]);
  return pageOfSegments(connection, [{ listId, role, total }], page);
}

/** The order in which Mailman shows everybody; nonmembers are left out. */
const SHOWN: readonly Role[] = ['owner', 'moderator', 'member'];

/** One page of all memberships: list by list, owners before moderators before members, these by address. */
export async function everybodyPage(connection: Connection, page: Page): Promise<Paged<RosterEntry>> {
  const segments = await segmentsOf(connection);
  const order = ({ listId, role }: Segment): string => `${listId} ${SHOWN.indexOf(role)}`;
  segments.sort((one, other) => (order(one) < order(other) ? -1 : 1));
  return pageOfSegments(connection, segments, page);
}

async function segmentsOf(connection: Connection): Promise<Segment[]> {
  const rows: { list_id: string; role: Role; total: number | string }[] = await connection('member')
    .whereIn('role', SHOWN)
    .groupBy('list_id', 'role')
    .select('list_id', 'role', connection.raw('COUNT(*) AS total'));
  return rows.map((row) => ({ listId: row.list_id, role: row.role, total: Number(row.total) }));
}

async function pageOfSegments(
  connection: Connection,
  segments: readonly Segment[],
  { start, count }: Page,
): Promise<Paged<RosterEntry>> {
  const total = segments.reduce((sum, segment) => sum + segment.total, 0);
  const rows: RosterEntry[] = [];
  let before = 0;
  for (const segment of segments) {
    const wanted = count === undefined ? segment.total : count - rows.length;
    const offset = Math.max(0, start - before);
    if (wanted > 0 && offset < segment.total) {
      for (const entry of await segmentRows(connection, segment, offset, wanted)) rows.push(entry);
    }
    before += segment.total;
  }
  return { total, rows };
}

async function segmentRows(
  connection: Connection,
  { listId, role, total }: Segment,
  offset: number,
  wanted: number,
): Promise<RosterEntry[]> {
  const places = await rosterPlaces(connection, `${listId} ${role}`);
  const place = places?.before(offset);
  const skipped = offset - (place?.offset ?? 0);
  const values = [listId, role, place?.email ?? '', Math.min(wanted, total)];
  const rows =
    skipped === 0
      ? await query<RosterRow>(connection, pageStatement(connection, false), values)
      : await query<RosterRow>(connection, pageStatement(connection, true), [...values, skipped]);
  const last = rows.at(-1);
  if (last) places?.note({ offset: offset + rows.length, email: last.email });
  return rows.map((row) => toRosterEntry(row, ''));
}

const pageStatements = new Map<string, string>();

/**
 * Finds members by list and role, behind an address, with limit and perhaps offset. Building the text takes longer than
 * running it.
 * @param isSkipping whether some of them are passed over: of these, nothing but the index is read
 */
function pageStatement(connection: Connection, isSkipping: boolean): string {
  const { dialect } = connection.client as { readonly dialect: string };
  const key = `${dialect} ${isSkipping}`;
  const known = pageStatements.get(key);
  if (known !== undefined) return known;
  const { sql } = (isSkipping ? skippingPage(connection) : directPage(connection)).toSQL();
  pageStatements.set(key, sql);
  return sql;
}

function directPage(connection: Connection): Knex.QueryBuilder {
  return rosterQuery(connection)
    .where('member.list_id', '')
    .where('member.role', '')
    .where('member.email', '>', '')
    .orderBy('member.email')
    .limit(1);
}

function skippingPage(connection: Connection): Knex.QueryBuilder {
  const ids = connection('member')
    .where({ list_id: '', role: '' })
    .where('email', '>', '')
    .orderBy('email')
    .limit(1)
    .offset(1)
    .select('member_id');
  // MariaDB takes a limit in a subquery only one level further down.
  return rosterQuery(connection)
    .whereIn('member.member_id', connection.from(ids.as('page')).select('member_id'))
    .orderBy('member.email');
}

/** One page of the memberships that a search finds, by list, address and role. */
export async function searchMembers(
  connection: Connection,
  search: MemberSearch,
  page: Page,
): Promise<Paged<RosterEntry>> {
  const rows = restrict(rosterQuery(connection), search).orderBy([
    'member.list_id',
    'member.email',
    'member.role',
  ]);
  const all = restrict(joined(connection), search);
  const found = await pageOfQuery<Parameters<typeof toRosterEntry>[0]>(rows, page, all);
  return { total: found.total, rows: found.rows.map((row) => toRosterEntry(row, '')) };
}

/** Some memberships with what applies to them, in their order. */
export async function rosterEntriesOf(
  connection: Connection,
  memberIds: readonly string[],
): Promise<RosterEntry[]> {
  const rows = await rosterQuery(connection).whereIn('member.member_id', [...memberIds]);
  const entries = new Map(rows.map((row) => [row.member_id, toRosterEntry(row, '')]));
  return memberIds.flatMap((memberId) => entries.get(memberId) ?? []);
}

function joined(connection: Connection): Knex.QueryBuilder {
  return connection('member')
    .join('address', 'address.address_id', 'member.address_id')
    .leftJoin('user', 'user.user_id', 'address.user_id');
}

function restrict<Q extends Knex.QueryBuilder>(query: Q, search: MemberSearch): Q {
  if (search.listId !== undefined) query.where('member.list_id', search.listId);
  if (search.role !== undefined) query.where('member.role', search.role);
  if (search.moderationAction !== undefined) query.where('member.moderation_action', search.moderationAction);
  effective(query, 'delivery_mode', search.deliveryMode);
  effective(query, 'delivery_status', search.deliveryStatus);
  if (search.subscriber !== undefined) named(query, search.subscriber);
  return query;
}

function effective(
  query: Knex.QueryBuilder,
  name: 'delivery_mode' | 'delivery_status',
  value: EffectivePreferences['delivery_mode' | 'delivery_status'] | undefined,
): void {
  if (value === undefined) return;
  query.whereRaw('COALESCE(??, ??, ??, ?) = ?', [
    `member.${name}`,
    `address.${name}`,
    `user.${name}`,
    systemPreferences[name],
    value,
  ]);
}

function named(query: Knex.QueryBuilder, subscriber: string): void {
  if (!subscriber.includes('*')) {
    // With all that stands in the unique index before the address, or by the index of addresses.
    query.where('member.email', subscriber).whereIn('member.role', roles);
    return;
  }
  const pattern = likePattern(subscriber).replaceAll('*', '%');
  const columns = ['member.email', 'member.display_name', 'address.display_name'];
  query.where((either) => {
    for (const column of columns) either.orWhereRaw("LOWER(??) LIKE ? ESCAPE '!'", [column, pattern]);
  });
}

/** A text for LIKE that stands for itself, in lower case. */
export function likePattern(text: string): string {
  return text.toLowerCase().replace(/[%_!]/g, '!$&');
}

/** The membership with this identifier. */
export async function findMember(connection: Connection, memberId: string) {
  const row = await connection<MemberRow>('member').where('member_id', memberId).first();
  return row && memberFromRow(row);
}
