import type { Connection } from '../../database/handle.ts';
import { execute, query } from '../../database/statement.ts';
import { compress, decompress } from './compress.ts';
import type { Dictionary } from './incoming.ts';

/** How many messages a list must have before they teach how the next ones are compressed. */
const ENOUGH = 30;
/** Octets; larger ones compress little better and slow every message down. */
const SIZE = 32_768;
/** Messages that are compressed once more with it. */
const MAX_AGAIN = 1000;
/** Octets of one message, so that an attachment does not fill it. */
const SHARE = 3000;

interface ListRow {
  readonly messages: number;
  readonly dictionary_id: number | null;
}

interface ContentRow {
  readonly content: Buffer;
}

/** Makes the list's dictionary of its newest messages, once it has enough of them. */
export async function ensureDictionary(connection: Connection, list: number): Promise<void> {
  const [row] = await query<ListRow>(
    connection,
    'SELECT messages, dictionary_id FROM archive_list WHERE id = ?',
    [list],
  );
  if (!row || row.dictionary_id !== null || row.messages < ENOUGH) return;
  const samples = await query<ContentRow>(
    connection,
    `SELECT c.content FROM archive_message m JOIN archive_content c ON c.message_id = m.id
     WHERE m.list_id = ? AND c.dictionary_id IS NULL AND c.length < ? ORDER BY m.date DESC, m.id DESC LIMIT ?`,
    [list, SIZE, ENOUGH],
  );
  const bytes = Buffer.concat(
    samples.map(({ content }) => decompress(content, SIZE, undefined).subarray(0, SHARE)),
  ).subarray(0, SIZE);
  if (bytes.length === 0) return;
  const [made] = await query<{ id: number }>(
    connection,
    'INSERT INTO archive_dictionary (list_id, content) VALUES (?, ?) RETURNING id',
    [list, bytes],
  );
  if (!made) return;
  await execute(connection, 'UPDATE archive_list SET dictionary_id = ? WHERE id = ?', [made.id, list]);
  await compressAgain(connection, list, { id: made.id, bytes });
}

/** The messages that taught it; of a small list, these are most. */
async function compressAgain(connection: Connection, list: number, dictionary: Dictionary): Promise<void> {
  const rows = await query<{ message_id: number; content: Buffer }>(
    connection,
    `SELECT c.message_id, c.content FROM archive_message m JOIN archive_content c ON c.message_id = m.id
     WHERE m.list_id = ? AND c.dictionary_id IS NULL AND c.length < ? ORDER BY m.date DESC, m.id DESC LIMIT ?`,
    [list, SIZE, MAX_AGAIN],
  );
  let saved = 0;
  for (const { message_id: message, content } of rows) {
    const smaller = compress(decompress(content, SIZE, undefined), dictionary);
    if (smaller.length >= content.length) continue;
    saved += content.length - smaller.length;
    await execute(
      connection,
      'UPDATE archive_content SET content = ?, dictionary_id = ? WHERE message_id = ?',
      [smaller, dictionary.id, message],
    );
  }
  await execute(connection, 'UPDATE archive_list SET stored_size = stored_size - ? WHERE id = ?', [
    saved,
    list,
  ]);
}

/** The list's dictionary for new messages. */
export async function dictionaryOf(connection: Connection, list: number): Promise<Dictionary | undefined> {
  const [row] = await query<{ id: number; content: Buffer }>(
    connection,
    `SELECT d.id, d.content FROM archive_list l JOIN archive_dictionary d ON d.id = l.dictionary_id WHERE l.id = ?`,
    [list],
  );
  return row && { id: row.id, bytes: row.content };
}
