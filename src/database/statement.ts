import { cleanText } from '../model/text.ts';
import { whileBusy } from './clients.ts';
import type { Connection } from './handle.ts';
import {
  ask,
  clean,
  guarded,
  handleOf,
  type SqliteHandle,
  type StatementClient,
  type StatementValue,
} from './statement-handle.ts';

export type { StatementValue } from './statement-handle.ts';

/** What the three drivers answer to a statement that changes rows. */
type Changes =
  | { readonly changes: number }
  | { readonly rowCount: number }
  | readonly [{ readonly affectedRows: number }];

/**
 * Runs a statement that changes rows, written for all three databases with `?` for values. In a transaction on SQLite and
 * PostgreSQL it passes Knex by, which takes ten times as long there, and the queue runs thousands a second. Several that
 * do not wait for each other reach PostgreSQL together, and are done in the order in which they were asked for.
 * @returns how many rows it changed
 */
export async function execute(
  connection: Connection,
  sql: string,
  values: readonly StatementValue[],
): Promise<number> {
  const handle = await handleOf(connection);
  if (handle?.sqlite) {
    const { sqlite } = handle;
    return guarded(connection, () => sqlite.prepare(sql).run(...values.map(clean)).changes);
  }
  if (handle) return (await ask(connection, handle.postgresql, sql, values)).rowCount ?? 0;
  const result = await connection.raw<Changes>(sql, [...values]);
  if ('changes' in result) return result.changes;
  return 'rowCount' in result ? result.rowCount : result[0].affectedRows;
}

/** The same for a SELECT, which passes Knex by on SQLite outside of transactions too. */
export async function query<T>(
  connection: Connection,
  sql: string,
  values: readonly StatementValue[],
): Promise<T[]> {
  const client = connection.client as StatementClient;
  if (client.dialect === 'sqlite3' && !connection.isTransaction) return borrow<T>(connection, sql, values);
  const handle = await handleOf(connection);
  if (handle?.sqlite) {
    const { sqlite } = handle;
    return guarded(connection, () => sqlite.prepare(sql).all(...values.map(clean)) as T[]);
  }
  if (handle) return (await ask(connection, handle.postgresql, sql, values)).rows as T[];
  const result = await connection.raw<T[] | { rows: T[] } | [T[]]>(sql, [...values]);
  if ('rows' in result) return result.rows;
  return connection.client.dialect === 'mysql' ? (result as [T[]])[0] : (result as T[]);
}

/** Reads with SQLite's one connection, as soon as no transaction has it. */
async function borrow<T>(
  connection: Connection,
  sql: string,
  values: readonly StatementValue[],
): Promise<T[]> {
  const client = connection.client as StatementClient;
  const sqlite = (await client.acquireConnection()) as SqliteHandle;
  try {
    return await whileBusy(BUSY_LIMIT_MS, () => sqlite.prepare(sql).all(...values.map(clean)) as T[]);
  } catch (error) {
    throw client.describeFailure(error);
  } finally {
    await client.releaseConnection(sqlite);
  }
}

/** How long another process may keep a reader waiting, which it does only while it mends the file after a crash. */
const BUSY_LIMIT_MS = 30_000;

/** Values per IN list. */
const IN_BATCH = 5000;

/**
 * The same for a long list of values, in parts.
 * @param sql given how a column is compared with the list, which comes last
 * @param values those before it
 */
export async function queryIn<T>(
  connection: Connection,
  sql: (isListed: string) => string,
  values: readonly StatementValue[],
  list: readonly string[],
): Promise<T[]> {
  const found: T[] = [];
  for (const [isListed, last] of listConditions(connection, list)) {
    for (const row of await query<T>(connection, sql(isListed), [...values, ...last])) found.push(row);
  }
  return found;
}

/** The same for a statement that changes rows. @returns how many */
export async function executeIn(
  connection: Connection,
  sql: (isListed: string) => string,
  values: readonly StatementValue[],
  list: readonly string[],
): Promise<number> {
  let changed = 0;
  for (const [isListed, last] of listConditions(connection, list))
    changed += await execute(connection, sql(isListed), [...values, ...last]);
  return changed;
}

/**
 * Runs changes one after the other. Those for PostgreSQL are all sent at once and done in this order, up to the first that
 * fails; elsewhere the next one must not even begin when the one before has ended the transaction.
 * @throws what the first failing one throws
 */
export async function inOrder<T>(
  { client }: Connection,
  changes: readonly (() => Promise<T>)[],
): Promise<T[]> {
  const done: T[] = [];
  if ((client as StatementClient).dialect !== 'postgresql') {
    for (const change of changes) done.push(await change());
    return done;
  }
  for (const result of await Promise.allSettled(changes.map((change) => change()))) {
    if (result.status === 'rejected') throw result.reason;
    done.push(result.value);
  }
  return done;
}

/** Rows that one INSERT has at most. */
const MOST_ROWS = 16;

/**
 * Inserts rows, many with one statement: as many as a power of two, so that few different statements are to be kept.
 * @param sql up to the columns
 */
export async function insertMany(
  connection: Connection,
  sql: string,
  rows: readonly (readonly StatementValue[])[],
): Promise<void> {
  const inserts: (() => Promise<number>)[] = [];
  for (let start = 0; start < rows.length; ) {
    const count = Math.min(MOST_ROWS, 2 ** Math.floor(Math.log2(rows.length - start)));
    const batch = rows.slice(start, start + count);
    const values = batch.map((row) => `(${row.map(() => '?').join(', ')})`).join(', ');
    inserts.push(() => execute(connection, `${sql} VALUES ${values}`, batch.flat()));
    start += count;
  }
  await inOrder(connection, inserts);
}

/** The conditions of the parts of a list, and their values. */
function* listConditions(
  connection: Connection,
  list: readonly string[],
): Generator<[isListed: string, values: readonly string[]]> {
  for (let start = 0; start < list.length; start += IN_BATCH) {
    const batch = list.slice(start, start + IN_BATCH).map(cleanText);
    yield listCondition(connection.client as StatementClient, batch);
  }
}

/** Values of a list up to which PostgreSQL gets each as a parameter. */
const SHORT_LIST = 64;

/**
 * As one parameter where that is possible, so that the statement is the same for lists of any length, and is kept. Only
 * PostgreSQL would plan it anew each time, as it does not know how long the list is: a short one is filled up with its
 * last value to the next power of two.
 */
function listCondition(
  { dialect }: StatementClient,
  list: readonly string[],
): [isListed: string, values: readonly string[]] {
  if (dialect === 'sqlite3') return ['IN (SELECT value FROM json_each(?))', [JSON.stringify(list)]];
  if (dialect === 'postgresql' && list.length > SHORT_LIST)
    return ['= ANY (CAST(? AS text[]))', [arrayLiteral(list)]];
  if (dialect === 'postgresql') {
    const length = 2 ** Math.ceil(Math.log2(list.length));
    const filled = [...list, ...Array.from({ length: length - list.length }, () => list.at(-1) ?? '')];
    return [`IN (${filled.map(() => '?').join(', ')})`, filled];
  }
  return [`IN (${list.map(() => '?').join(', ')})`, list];
}

/** A list as PostgreSQL writes it. */
function arrayLiteral(list: readonly string[]): string {
  return `{${list.map((value) => `"${value.replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`;
}
