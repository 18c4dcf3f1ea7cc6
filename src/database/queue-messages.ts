import type { Connection } from './handle.ts';
import { execute, executeIn, inOrder, insertMany, query, queryIn } from './statement.ts';

/** A database server takes statements up to a limit (MariaDB: 16 MB as installed, and bytes count double in them). */
const PIECE_LENGTH = 4 * 1024 * 1024;

const INSERT = 'INSERT INTO queue_message (message_id, content, further_pieces, size)';

interface MessageRow {
  readonly message_id: string;
  readonly content: Buffer;
  readonly further_pieces: number;
  readonly size: number;
}

/** A message under the identifier that was made for it. */
export interface StoredMessage {
  readonly messageId: string;
  readonly bytes: Buffer;
}

/** Octets of messages in one statement. */
const BATCH_LENGTH = 1024 * 1024;

/** Stores messages, those together that are small enough. */
export async function storeMessages(
  connection: Connection,
  messages: readonly StoredMessage[],
): Promise<void> {
  let batch: StoredMessage[] = [];
  let length = 0;
  const inserts: (() => Promise<void>)[] = [];
  const store = (): void => {
    const rows = batch.map(({ messageId, bytes }) => [messageId, bytes, 0, bytes.length]);
    inserts.push(() => insertMany(connection, INSERT, rows));
    batch = [];
    length = 0;
  };
  for (const message of messages) {
    const { messageId, bytes } = message;
    if (bytes.length > BATCH_LENGTH) inserts.push(() => storeMessage(connection, messageId, bytes));
    else {
      if (length + bytes.length > BATCH_LENGTH) store();
      batch.push(message);
      length += bytes.length;
    }
  }
  if (batch.length > 0) store();
  await inOrder(connection, inserts);
}

/** Stores the bytes of a message under an identifier made for it. */
export async function storeMessage(
  connection: Connection,
  messageId: string,
  bytes: Uint8Array,
): Promise<void> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const further = Math.max(0, Math.ceil(buffer.length / PIECE_LENGTH) - 1);
  // Asked for at once, so that what is asked for next, and refers to the message, comes behind it.
  const whole = insertMany(connection, INSERT, [
    [messageId, buffer.subarray(0, PIECE_LENGTH), further, buffer.length],
  ]);
  if (further > 0) await whole;
  for (let position = 1; position <= further; position += 1) {
    const piece = buffer.subarray(position * PIECE_LENGTH, (position + 1) * PIECE_LENGTH);
    await execute(
      connection,
      'INSERT INTO queue_message_piece (message_id, position, content) VALUES (?, ?, ?)',
      [messageId, position, piece],
    );
  }
  await whole;
}

/** How long messages are, by identifier; those that are gone are left out. */
export async function messageSizes(
  connection: Connection,
  messageIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await queryIn<{ message_id: string; size: number }>(
    connection,
    (isListed) => `SELECT message_id, size FROM queue_message WHERE message_id ${isListed}`,
    [],
    messageIds,
  );
  return new Map(rows.map(({ message_id, size }) => [message_id, size]));
}

/** The bytes of messages, by identifier; those that are gone are left out. */
export async function loadMessages(
  connection: Connection,
  messageIds: readonly string[],
): Promise<Map<string, Buffer>> {
  const rows = await queryIn<MessageRow>(
    connection,
    (isListed) =>
      `SELECT message_id, content, further_pieces, size FROM queue_message WHERE message_id ${isListed}`,
    [],
    [...new Set(messageIds)],
  );
  const found = new Map<string, Buffer>();
  for (const row of rows) found.set(row.message_id, await wholeMessage(connection, row));
  return found;
}

/** The bytes of a message; undefined where it is gone. */
export async function loadMessage(connection: Connection, messageId: string): Promise<Buffer | undefined> {
  return (await loadMessages(connection, [messageId])).get(messageId);
}

async function wholeMessage(connection: Connection, row: MessageRow): Promise<Buffer> {
  if (row.further_pieces === 0) return row.content;
  const whole = Buffer.allocUnsafe(row.size);
  row.content.copy(whole);
  for (let position = 1; position <= row.further_pieces; position += 1) {
    const [piece] = await query<{ content: Buffer }>(
      connection,
      'SELECT content FROM queue_message_piece WHERE message_id = ? AND position = ?',
      [row.message_id, position],
    );
    piece?.content.copy(whole, position * PIECE_LENGTH);
  }
  return whole;
}

/** Removes those of these messages that no queue entry refers to any more. */
export async function dropUnusedMessages(
  connection: Connection,
  messageIds: readonly string[],
): Promise<void> {
  await executeIn(
    connection,
    // Counted: PostgreSQL would join the tables, and read the whole queue.
    (isListed) =>
      `DELETE FROM queue_message WHERE (SELECT COUNT(*) FROM queue_entry WHERE queue_entry.message_id = queue_message.message_id) = 0
       AND message_id ${isListed}`,
    [],
    messageIds,
  );
}

/**
 * Removes messages that nothing refers to: two processes that finish the last two entries of one message at the same
 * moment each leave it to the other.
 */
export async function dropOrphanedMessages(connection: Connection): Promise<number> {
  return connection('queue_message')
    .whereNotExists(
      connection('queue_entry')
        .whereRaw('queue_entry.message_id = queue_message.message_id')
        .select('entry_id'),
    )
    .delete();
}
