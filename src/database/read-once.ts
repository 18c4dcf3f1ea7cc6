import type { Connection } from './handle.ts';

/** What is read again and again, and seldom changes. */
export type Kind = 'lists' | 'settings' | 'counters' | 'members' | 'bans' | 'header matches' | 'templates';

type Known = Map<Kind, Map<string, unknown>>;

const known = new WeakMap<Connection, Known>();
const trusting = new WeakSet<Connection>();

/**
 * What `read` gives, asked for once in a transaction. The queue works on many posts in one transaction, and each step
 * looks at the same list, its bans and its templates. Who gets a value must leave it as it is.
 */
export async function readOnce<T>(
  connection: Connection,
  kind: Kind,
  key: string,
  read: () => Promise<T>,
): Promise<T> {
  if (!trusting.has(connection)) return read();
  return remembered(connection, kind, key, read);
}

/** The same also where the transaction is not one of the queue's; for what only `forgetReads` can change meanwhile. */
export async function remembered<T>(
  connection: Connection,
  kind: Kind,
  key: string,
  read: () => Promise<T>,
): Promise<T> {
  const found = known.get(connection)?.get(kind)?.get(key);
  if (found !== undefined) return found as T;
  const value = await read();
  remember(connection, kind, key, value);
  return value;
}

/** Notes what was read or has been changed in another way. */
export function remember(connection: Connection, kind: Kind, key: string, value: unknown): void {
  const kinds: Known = known.get(connection) ?? new Map();
  const values = kinds.get(kind) ?? new Map<string, unknown>();
  known.set(connection, kinds.set(kind, values.set(key, value)));
}

/** What is remembered, if anything. */
export function recall<T>(connection: Connection, kind: Kind, key: string): T | undefined {
  return known.get(connection)?.get(kind)?.get(key) as T | undefined;
}

/** To be called when something of a kind is about to change: then it is read anew. */
export function forgetReads(connection: Connection, kind: Kind): void {
  known.get(connection)?.delete(kind);
}

/** To be called when changes are undone that this transaction may have read. */
export function forgetAllReads(connection: Connection): void {
  known.delete(connection);
}

/**
 * Lets a short transaction go on with what it has read first, though on a server others may change it meanwhile: a post
 * may just as well have come a moment sooner.
 */
export function trustReads(connection: Connection): void {
  trusting.add(connection);
}

/** Whether what was read stays as it is. On SQLite nobody else can change anything until a transaction ends. */
export function isSteady(connection: Connection): boolean {
  return connection.client.dialect === 'sqlite3' && connection.isTransaction === true;
}

/** Whether `trustReads` was called. */
export function trustsReads(connection: Connection): boolean {
  return trusting.has(connection);
}
