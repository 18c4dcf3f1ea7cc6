import { cleanText } from '../model/text.ts';
import type { Connection } from './handle.ts';
import { requireTransaction } from './lost-transaction.ts';
import { type PostgresqlHandle, runPrepared } from './postgresql-statement.ts';

/** What a statement takes for its `?` marks. */
export type StatementValue = string | number | null | Buffer;

/** The parts of better-sqlite3 that are used; its own types would bring the driver along. */
export interface SqliteHandle {
  readonly inTransaction: boolean;
  prepare(sql: string): SqliteStatement;
  exec(sql: string): unknown;
}

interface SqliteStatement {
  run(...values: readonly StatementValue[]): { readonly changes: number };
  all(...values: readonly StatementValue[]): unknown[];
}

type QuickHandle =
  | { readonly sqlite: SqliteHandle; readonly postgresql?: never }
  | { readonly sqlite?: never; readonly postgresql: PostgresqlHandle };

export interface StatementClient {
  readonly dialect: string;
  acquireConnection(): Promise<unknown>;
  releaseConnection(handle: unknown): Promise<void>;
  describeFailure(error: unknown): unknown;
}

/** What passes Knex by in a transaction; undefined outside of one, and on MariaDB. */
export async function handleOf(connection: Connection): Promise<QuickHandle | undefined> {
  const client = connection.client as StatementClient;
  if (!connection.isTransaction || client.dialect === 'mysql') return undefined;
  const raw = await client.acquireConnection();
  if (client.dialect !== 'sqlite3') return { postgresql: raw as PostgresqlHandle };
  const sqlite = raw as SqliteHandle;
  guarded(connection, () => requireTransaction(sqlite));
  return { sqlite };
}

/** @throws what the driver throws, told as a failure of the database */
export async function ask(
  connection: Connection,
  handle: PostgresqlHandle,
  sql: string,
  values?: readonly StatementValue[],
) {
  try {
    // A command has no plan to keep.
    return await (values ? runPrepared(handle, sql, values.map(clean)) : handle.query(sql));
  } catch (error) {
    throw (connection.client as StatementClient).describeFailure(error);
  }
}

/** @throws what the driver throws, told as a failure of the database */
export function guarded<T>(connection: Connection, attempt: () => T): T {
  try {
    return attempt();
  } catch (error) {
    throw (connection.client as StatementClient).describeFailure(error);
  }
}

/** A value as all three databases keep it. */
export function clean(value: StatementValue): StatementValue {
  return typeof value === 'string' ? cleanText(value) : value;
}
