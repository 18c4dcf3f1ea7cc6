import type { UtcTime } from '../model/time.ts';
import type { Connection } from './handle.ts';
import { insertRows } from './rows.ts';
import { executeIn, query } from './statement.ts';

/** What a token confirms, by the kind of request. */
export const pendingKinds = [
  'subscription',
  'unsubscription',
  'held_message',
  'probe',
  'change_address',
  'change_options',
  're_enable',
] as const;
export type PendingKind = (typeof pendingKinds)[number];

/** Something that waits for a token to come back, or for a moderator. */
export interface Pending {
  /** 40 hex digits. */
  readonly token: string;
  readonly listId: string | null;
  readonly kind: PendingKind;
  /** The key of the address that it is about. */
  readonly email: string;
  /** What the kind needs, as JSON. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly createdAt: UtcTime;
  readonly expiresAt: UtcTime;
}

interface PendingRow {
  readonly token: string;
  readonly list_id: string | null;
  readonly kind: PendingKind;
  readonly email: string;
  readonly data: string;
  readonly created_at: UtcTime;
  readonly expires_at: UtcTime;
}

/** Stores what waits for a token. */
export async function insertPending(connection: Connection, pending: Pending): Promise<void> {
  await insertAllPending(connection, [pending]);
}

/** The same for many. */
export async function insertAllPending(connection: Connection, pending: readonly Pending[]): Promise<void> {
  await insertRows(
    connection,
    'pending',
    pending.map((one) => ({
      token: one.token,
      list_id: one.listId,
      kind: one.kind,
      email: one.email,
      data: JSON.stringify(one.data),
      created_at: one.createdAt,
      expires_at: one.expiresAt,
    })),
  );
}

/** What a token stands for; undefined when it is unknown or has expired by `now`. */
export async function findPending(
  connection: Connection,
  token: string,
  now: UtcTime,
): Promise<Pending | undefined> {
  const row = await connection<PendingRow>('pending')
    .where('token', token)
    .where('expires_at', '>', now)
    .first();
  return row && fromRow(row);
}

/** What waits on a list, oldest first; of one kind, or about one address. */
export async function pendingOf(
  connection: Connection,
  listId: string,
  filter: { readonly kind?: PendingKind; readonly email?: string },
  now: UtcTime,
): Promise<Pending[]> {
  const { kind, email } = filter;
  const rows = await query<PendingRow>(
    connection,
    `SELECT * FROM pending WHERE list_id = ? AND expires_at > ?${kind ? ' AND kind = ?' : ''}${
      email === undefined ? '' : ' AND email = ?'
    } ORDER BY created_at, token`,
    [listId, now, ...(kind ? [kind] : []), ...(email === undefined ? [] : [email])],
  );
  return rows.map(fromRow);
}

/** All that waits on a list, expired or not, by token. */
export async function allPendingOf(connection: Connection, listId: string): Promise<Pending[]> {
  return (await connection<PendingRow>('pending').where('list_id', listId).orderBy('token')).map(fromRow);
}

/** Takes a token out of use. @returns false where somebody else did so before */
export async function deletePending(connection: Connection, token: string): Promise<boolean> {
  return (await connection('pending').where('token', token).delete()) > 0;
}

/** The same, unless the token is about something else than this list. */
export async function deletePendingOfList(
  connection: Connection,
  listId: string,
  token: string,
): Promise<void> {
  await connection('pending').where({ token, list_id: listId }).delete();
}

/** Takes all tokens of one kind out of use that are about these addresses (their keys) on a list. */
export async function deletePendingOf(
  connection: Connection,
  listId: string,
  kind: PendingKind,
  emails: readonly string[],
): Promise<void> {
  await executeIn(
    connection,
    (isListed) => `DELETE FROM pending WHERE list_id = ? AND kind = ? AND email ${isListed}`,
    [listId, kind],
    emails,
  );
}

/** Removes all that expired by `now`. @returns how many */
export async function deleteExpiredPending(connection: Connection, now: UtcTime): Promise<number> {
  return connection('pending').where('expires_at', '<=', now).delete();
}

function fromRow(row: PendingRow): Pending {
  return {
    token: row.token,
    listId: row.list_id,
    kind: row.kind,
    email: row.email,
    data: JSON.parse(row.data) as Record<string, unknown>,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}
