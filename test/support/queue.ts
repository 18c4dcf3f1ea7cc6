import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Message } from '../../src/message/message.ts';
import type { MessageMetadata } from '../../src/queue/queues.ts';
import type { Installation } from './mailman.ts';

/** An entry of a queue of a test installation. */
export interface StoredEntry {
  readonly queue: string;
  readonly message: Message;
  readonly metadata: MessageMetadata;
}

/** Takes everything out of the queues of an installation, oldest first. */
export function takeQueued({ folder }: Installation): StoredEntry[] {
  const database = new Database(join(folder, 'var/data/mailman.db'));
  const rows = database
    .prepare(
      'SELECT queue, metadata, content FROM queue_entry JOIN queue_message USING (message_id) ORDER BY entry_id',
    )
    .all() as { queue: string; metadata: string; content: Buffer }[];
  database.exec('DELETE FROM queue_entry; DELETE FROM queue_message');
  database.close();
  return rows.map(({ queue, metadata, content }) => ({
    queue,
    metadata: JSON.parse(metadata) as MessageMetadata,
    message: Message.parse(content),
  }));
}
