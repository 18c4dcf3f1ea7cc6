import { cleanText } from '../model/text.ts';
import type { Connection } from './handle.ts';

/** What a statement takes for its `?` marks. */
export type StatementValue = string | number | null | Buffer;

/** The parts of better-sqlite3 that are used; its own types would bring the driver along. */
interface SqliteHandle {
  prepare(sql: string): SqliteStatement;
  exec(sql: string): unknown;
}

interface SqliteStatement {
  run(...values: readonly StatementValue[]): { readonly changes: number };
  all(...values: readonly StatementValue[]): unknown[];
}

interface StatementClient {
  readonly dialect: string;
  acquireConnection(): Promise<SqliteHandle>;
  describeFailure(error: unknown): unknown;
}

/** What the three drivers answer to a statement that changes rows. */
type Changes =
  | { readonly changes: number }
  | { readonly rowCount: number }
  | readonly [{ readonly affectedRows: number }];

let savepoints = 0;

/**
 * Runs a statement that changes rows, written for all three databases with `?` for values. In a transaction on SQLite it
 * passes Knex by, which takes ten times as long there, and the queue runs thousands a second.
 * @returns how many rows it changed
 */
export async function execute(
  connection: Connection,
  sql: string,
  values: readonly StatementValue[],
): Promise<number> {
  const handle = await sqliteHandle(connection);
  if (handle) return guarded(connection, () => handle.prepare(sql).run(...values.map(clean)).changes);
  const result = await connection.raw<Changes>(sql, [...values]);
  if ('changes' in result) return result.changes;
  return 'rowCount' in result ? result.rowCount : result[0].affectedRows;
}

/** The same for a statement that gives rows. */
export async function query<T>(
  connection: Connection,
  sql: string,
  values: readonly StatementValue[],
): Promise<T[]> {
  const handle = await sqliteHandle(connection);
  if (handle) return guarded(connection, () => handle.prepare(sql).all(...values.map(clean)) as T[]);
  const result = await connection.raw<T[] | { rows: T[] } | [T[]]>(sql, [...values]);
  if ('rows' in result) return result.rows;
  return connection.client.dialect === 'mysql' ? (result as [T[]])[0] : (result as T[]);
}

/** Values per IN list. */
const IN_BATCH = 5000;

/**
 * The same for a long list of values, in parts.
 * @param sql given what stands after IN, which comes last
 * @param values those before it
 */
export async function queryIn<T>(
  connection: Connection,
  sql: (list: string) => string,
  values: readonly StatementValue[],
  list: readonly string[],
): Promise<T[]> {
  // As one parameter there: the driver keeps a statement with thousands of them until the garbage is collected.
  const isSqlite = connection.client.dialect === 'sqlite3';
  const found: T[] = [];
  for (let start = 0; start < list.length; start += IN_BATCH) {
    const batch = list.slice(start, start + IN_BATCH).map(cleanText);
    const marks = isSqlite ? '(SELECT value FROM json_each(?))' : `(${batch.map(() => '?').join(', ')})`;
    const last = isSqlite ? [JSON.stringify(batch)] : batch;
    for (const row of await query<T>(connection, sql(marks), [...values, ...last])) found.push(row);
  }
  return found;
}

/** Runs `work` so that what it did to the database is undone, and nothing else of the transaction, when it throws. */
export async function inSavepoint<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
  const handle = await sqliteHandle(connection);
  const command = async (sql: string): Promise<void> => {
    if (handle) guarded(connection, () => handle.exec(sql));
    else await connection.raw(sql);
  };
  // MariaDB forgets a savepoint when another gets its name.
  savepoints = (savepoints + 1) % 1_000_000;
  const name = `step_${savepoints}`;
  await command(`SAVEPOINT ${name}`);
  try {
    const result = await work();
    await command(`RELEASE SAVEPOINT ${name}`);
    return result;
  } catch (error) {
    // Where the transaction itself is gone, its own error matters more.
    await command(`ROLLBACK TO SAVEPOINT ${name}`).catch(() => {});
    await command(`RELEASE SAVEPOINT ${name}`).catch(() => {});
    throw error;
  }
}

async function sqliteHandle(connection: Connection): Promise<SqliteHandle | undefined> {
  const client = connection.client as StatementClient;
  return client.dialect === 'sqlite3' && connection.isTransaction ? client.acquireConnection() : undefined;
}

function guarded<T>(connection: Connection, attempt: () => T): T {
  try {
    return attempt();
  } catch (error) {
    throw (connection.client as StatementClient).describeFailure(error);
  }
}

function clean(value: StatementValue): StatementValue {
  return typeof value === 'string' ? cleanText(value) : value;
}
