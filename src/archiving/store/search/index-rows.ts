import type { Connection } from '../../../database/handle.ts';
import { execute } from '../../../database/statement.ts';
import type { NewMessage } from '../new-message.ts';
import { insertAll, isSqlite, oneOf, plainMarks } from '../statements.ts';
import { scopeWords } from './scope.ts';
import { deleteSegmentsOf, indexInSegment } from './segments/segment-rows.ts';

/** Makes new messages of a list searchable, in a transaction that has the list locked. */
export async function indexMessages(connection: Connection, rows: readonly NewMessage[]): Promise<void> {
  if (!isSqlite(connection)) return indexInSegment(connection, rows);
  await insertAll(
    connection,
    'archive_index (rowid, subject, sender, body, files, scope)',
    plainMarks(6),
    rows.map((row) => {
      const { subject, sender, body, files } = row.prepared.words;
      return [row.id, subject, sender, body, files, scopeWords(row).join(' ')];
    }),
  );
}

/** Takes messages out of the index. On PostgreSQL, segments of those that are gone lose them when they are joined. */
export async function unindexMessages(connection: Connection, messages: readonly number[]): Promise<void> {
  if (!isSqlite(connection)) return;
  const [isOne, wanted] = oneOf(connection, messages);
  await execute(connection, `DELETE FROM archive_index WHERE rowid ${isOne}`, [wanted]);
}

/** Forgets the index of a whole list, where that is more than the sum of its messages. */
export async function unindexList(connection: Connection, list: number): Promise<void> {
  if (!isSqlite(connection)) await deleteSegmentsOf(connection, list);
}
