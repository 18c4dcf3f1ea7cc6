import type { Connection } from '../../database/handle.ts';
import { query } from '../../database/statement.ts';
import { type Big, isSqlite } from './statements.ts';
import type { ArchiveStats } from './types.ts';

/** Counts of one list, or of all. Old paths and files are counted, everything else is known. */
export async function archiveStats(connection: Connection, list: number | undefined): Promise<ArchiveStats> {
  const inList = (column: string): string => (list === undefined ? '0 = ?' : `${column} = ?`);
  const [row] = await query<Record<string, Big | null>>(
    connection,
    `SELECT count(*) AS lists, sum(messages) AS messages, sum(threads) AS threads, sum(attachments) AS attachments,
       sum(source_size) AS source_size, sum(stored_size) AS stored_size,
       (SELECT count(*) FROM archive_old_path WHERE ${inList('list_id')}) AS old_paths,
       (SELECT count(*) FROM archive_old_file WHERE ${inList('list_id')}) AS old_files
     FROM archive_list WHERE ${inList('id')}`,
    [list ?? 0, list ?? 0, list ?? 0],
  );
  const count = (name: string): number => Number(row?.[name] ?? 0);
  return {
    lists: count('lists'),
    messages: count('messages'),
    threads: count('threads'),
    attachments: count('attachments'),
    sourceSize: count('source_size'),
    storedSize: count('stored_size'),
    oldPaths: count('old_paths'),
    oldFiles: count('old_files'),
    databaseSize: await databaseSize(connection),
  };
}

async function databaseSize(connection: Connection): Promise<number> {
  const sql = isSqlite(connection)
    ? 'SELECT page_count * page_size AS size FROM pragma_page_count(), pragma_page_size()'
    : "SELECT sum(pg_total_relation_size(oid)) AS size FROM pg_class WHERE relkind = 'r' AND relname LIKE 'archive\\_%' AND relnamespace = current_schema()::regnamespace";
  const [row] = await query<{ size: Big | null }>(connection, sql, []);
  return Number(row?.size ?? 0);
}
