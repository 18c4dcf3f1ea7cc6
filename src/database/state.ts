import type { Connection } from './handle.ts';
import { query } from './statement.ts';

/**
 * A text that is another one as soon as anything in the database has changed, through this process or another one:
 * whatever was read after it was asked for may be kept until it changes. Only SQLite can tell.
 * @returns undefined on the other databases, and in a transaction: what that sees may never come to be
 */
export async function databaseState(connection: Connection): Promise<string | undefined> {
  if (connection.client.dialect !== 'sqlite3' || connection.isTransaction) return undefined;
  const [row] = await query<{ own: number; others: number }>(
    connection,
    'SELECT total_changes() AS own, data_version AS others FROM pragma_data_version',
    [],
  );
  return row && `${row.own} ${row.others}`;
}
