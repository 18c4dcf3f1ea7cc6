import type { Connection, Database } from '../database/handle.ts';
import { insertEntries } from '../database/queue-entries.ts';
import { storeMessage } from '../database/queue-messages.ts';
import { despiteRivals } from '../database/rivals.ts';
import { nextEntryId } from './entry.ts';
import { allowOutside, OutsideAnswers, resolverOutside } from './outside.ts';
import type { MessageMetadata, QueueName } from './queues.ts';
import type { Clock, Services, Step } from './step.ts';

/** The channel on which PostgreSQL tells other processes which queue has got something. */
export const NOTIFY_CHANNEL = 'ferryman_queue';

/** Transactions in which messages were put into queues. */
const filled = new WeakSet<Connection>();

const listeners = new WeakMap<Database, Set<() => void>>();

/**
 * Puts a message into a queue, for whoever takes it first. In a transaction, the message is there when that is
 * committed.
 * @returns the identifier of the entry
 */
export async function enqueue(
  connection: Connection,
  clock: Clock,
  queue: QueueName,
  message: Uint8Array,
  metadata: MessageMetadata,
): Promise<string> {
  filled.add(connection);
  const messageId = nextEntryId();
  await storeMessage(connection, messageId, message);
  const entryId = nextEntryId();
  await insertEntries(connection, [
    {
      entry_id: entryId,
      queue,
      message_id: messageId,
      metadata: JSON.stringify(metadata),
      run_at: clock.now(),
      attempts: 0,
      recoveries: 0,
      worker_id: null,
      error: null,
    },
  ]);
  await notify(connection, queue);
  return entryId;
}

/** Tells other processes, once the transaction is committed, that a queue has got something. */
export async function notify(connection: Connection, queue: QueueName): Promise<void> {
  if (connection.client.dialect === 'postgresql') {
    await connection.raw('SELECT pg_notify(?, ?)', [NOTIFY_CHANNEL, queue]);
  }
}

/** A step in a transaction of the caller's, for what calls the flow's functions from outside of the queues. */
export function stepOn(services: Services, connection: Connection): Step {
  return {
    ...services,
    connection,
    enqueue: async (queue, message, metadata) => {
      await enqueue(connection, services.clock, queue, message, metadata);
    },
  };
}

/**
 * Runs `work` as a step in a transaction of its own, which is on disk when this returns; the queues of this process hear
 * at once of what it has put into them. Where it needs something from outside (see outside.ts), its transaction is rolled
 * back and `work` runs again with the answer; so it does where another process got in the way.
 */
export async function runStep<T>(services: Services, work: (step: Step) => Promise<T>): Promise<T> {
  const { database } = services;
  // On SQLite the next step begins while this one is brought to the disk, and shares the next flush.
  const transactions = database.quick ?? database;
  const answers = new OutsideAnswers();
  let last: Connection | undefined;
  const result = await untilAnswered(answers, () =>
    despiteRivals(() =>
      transactions.transaction((connection) => {
        last = connection;
        const step = {
          ...stepOn(services, connection),
          resolver: resolverOutside(services.resolver, answers),
        };
        allowOutside(step, answers);
        return work(step);
      }),
    ),
  );
  await database.quick?.flush();
  if (last && filled.has(last)) for (const listener of listeners.get(database) ?? []) listener();
  return result;
}

async function untilAnswered<T>(answers: OutsideAnswers, attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!answers.isPending) throw error;
      await answers.settle();
    }
  }
}

/** Calls `listener` whenever `runStep` has put something into a queue. @returns what ends that */
export function onStepRun(database: Database, listener: () => void): () => void {
  const set = listeners.get(database) ?? new Set();
  listeners.set(database, set.add(listener));
  return () => set.delete(listener);
}
