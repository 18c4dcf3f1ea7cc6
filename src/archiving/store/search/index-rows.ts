import type { Connection } from '../../../database/handle.ts';
import { execute } from '../../../database/statement.ts';
import type { NewMessage } from '../new-message.ts';
import { insertAll, isSqlite, oneOf, plainMarks } from '../statements.ts';
import { scopeWords } from './scope.ts';
import { wordText } from './word-text.ts';

/** Makes new messages searchable. */
export async function indexMessages(connection: Connection, rows: readonly NewMessage[]): Promise<void> {
  if (isSqlite(connection)) {
    await insertAll(
      connection,
      'archive_index (rowid, subject, sender, body, files, scope)',
      plainMarks(6),
      rows.map((row) => {
        const { subject, sender, body, files } = row.prepared.words;
        return [row.id, subject, sender, body, files, scopeWords(row).join(' ')];
      }),
    );
    return;
  }
  await insertAll(
    connection,
    'archive_index (message_id, words)',
    plainMarks(2),
    rows.map((row) => [row.id, wordText(row.prepared.words, scopeWords(row))]),
  );
}

/** Takes messages out of the index. */
export async function unindexMessages(connection: Connection, messages: readonly number[]): Promise<void> {
  const key = isSqlite(connection) ? 'rowid' : 'message_id';
  const [isOne, wanted] = oneOf(connection, messages);
  await execute(connection, `DELETE FROM archive_index WHERE ${key} ${isOne}`, [wanted]);
}

/** PostgreSQL collects new words and sorts them in later; until then each search goes through them. */
export async function settleIndex(connection: Connection): Promise<void> {
  if (!isSqlite(connection)) await connection.raw("SELECT gin_clean_pending_list('archive_index_words')");
}
