import type { Connection } from '../database/handle.ts';
import { deleteHeldEntries, insertEntries, type QueueEntryRow } from '../database/queue-entries.ts';
import {
  dropUnusedMessages,
  type StoredMessage,
  storeMessage,
  storeMessages,
} from '../database/queue-messages.ts';
import { inOrder } from '../database/statement.ts';
import { LostEntryError } from './errors.ts';
import type { HeldEntry } from './held-entries.ts';
import { isLarge } from './large-messages.ts';

/** How far a transaction's writes had come. */
interface Mark {
  readonly messages: number;
  readonly entries: number;
  readonly finished: number;
}

/**
 * What a transaction has to write into the tables of the queue: kept until its end, where statements for many rows do
 * together what the steps of many messages want. To a server each statement costs as much as what it does.
 */
export class QueueWrites {
  readonly #connection: Connection;
  readonly #messages: StoredMessage[] = [];
  readonly #entries: QueueEntryRow[] = [];
  readonly #finished: { readonly entry: HeldEntry; readonly workerId: string }[] = [];

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Stores a message; a large one at once, so that it need not stay in memory. */
  async storeMessage(messageId: string, bytes: Buffer): Promise<void> {
    if (isLarge(bytes.length)) await storeMessage(this.#connection, messageId, bytes);
    else this.#messages.push({ messageId, bytes });
  }

  insert(entry: QueueEntryRow): void {
    this.#entries.push(entry);
  }

  /** Removes an entry that a worker holds, with its message. */
  finish(entry: HeldEntry, workerId: string): void {
    this.#finished.push({ entry, workerId });
  }

  mark(): Mark {
    return {
      messages: this.#messages.length,
      entries: this.#entries.length,
      finished: this.#finished.length,
    };
  }

  /** Drops what came after `mark`, where a savepoint is undone. */
  undo({ messages, entries, finished }: Mark): void {
    this.#messages.splice(messages);
    this.#entries.splice(entries);
    this.#finished.splice(finished);
  }

  /** @throws LostEntryError where an entry that is finished was taken over; which one shows when each is tried alone */
  async flush(): Promise<void> {
    const finished = this.#finished.splice(0);
    const [workerId = ''] = finished.map((one) => one.workerId);
    const ids = finished.map(({ entry }) => entry.id);
    const messageIds = [...new Set(finished.map(({ entry }) => entry.messageId))];
    const [messages, entries] = [this.#messages.splice(0), this.#entries.splice(0)];
    const connection = this.#connection;
    let deleted = 0;
    await inOrder(connection, [
      () => storeMessages(connection, messages),
      () => insertEntries(connection, entries),
      async () => {
        deleted = await deleteHeldEntries(connection, ids, workerId);
      },
      () => dropUnusedMessages(connection, messageIds),
    ]);
    if (deleted === ids.length) return;
    const [first] = finished;
    const which = finished.length === 1 ? `${first?.entry.id} of queue ${first?.entry.queue}` : 'of several';
    throw new LostEntryError(`Entry ${which} was taken over`);
  }
}

const writes = new WeakMap<Connection, QueueWrites>();

/** What is to be written in this transaction; whoever runs it writes that at its end. */
export function queueWrites(connection: Connection): QueueWrites {
  const found = writes.get(connection) ?? new QueueWrites(connection);
  writes.set(connection, found);
  return found;
}
