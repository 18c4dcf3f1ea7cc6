import type { Connection } from '../../database/handle.ts';
import { query } from '../../database/statement.ts';
import { decompress } from './compress.ts';
import { oneOf } from './statements.ts';
import type { MessageContent } from './types.ts';

interface ContentRow {
  readonly message_id: number;
  readonly dictionary_id: number | null;
  readonly separator_length: number;
  readonly tail_length: number;
  readonly length: number;
  readonly content: Buffer;
}

/** Dictionaries of an archive; they never change. */
export class Dictionaries {
  readonly #known = new Map<number, Buffer>();

  async get(connection: Connection, id: number): Promise<Buffer> {
    const known = this.#known.get(id);
    if (known) return known;
    const [row] = await query<{ content: Buffer }>(
      connection,
      'SELECT content FROM archive_dictionary WHERE id = ?',
      [id],
    );
    const bytes = row?.content ?? Buffer.alloc(0);
    if (row) this.#known.set(id, bytes);
    return bytes;
  }
}

/** The contents of messages by key. */
export async function contentsOf(
  connection: Connection,
  dictionaries: Dictionaries,
  messages: readonly number[],
): Promise<Map<number, MessageContent & { readonly tail: number }>> {
  const [isOne, wanted] = oneOf(connection, messages);
  const rows = await query<ContentRow>(
    connection,
    `SELECT message_id, dictionary_id, separator_length, tail_length, length, content FROM archive_content
     WHERE message_id ${isOne}`,
    [wanted],
  );
  const contents = new Map<number, MessageContent & { readonly tail: number }>();
  for (const row of rows) {
    const dictionary =
      row.dictionary_id === null ? undefined : await dictionaries.get(connection, row.dictionary_id);
    const source = decompress(row.content, row.length, dictionary);
    contents.set(row.message_id, {
      source,
      separator: source.subarray(0, row.separator_length),
      message: source.subarray(row.separator_length, source.length - row.tail_length),
      tail: row.tail_length,
    });
  }
  return contents;
}
