import type pg from 'pg';
import { queuesWithWork } from '../database/queue-entries.ts';
import { NOTIFY_CHANNEL } from './enqueue.ts';
import { type QueueName, queueNames } from './queues.ts';
import type { Services } from './step.ts';

/** How often to look for what others have stored, in milliseconds, where nothing tells. */
const POLL_MS = { sqlite: 1000, postgresql: 2000, mysql: 500 };

/** How often to ask SQLite whether another process has written: that costs microseconds. */
const SQLITE_LOOK_MS = 50;

/** How long until the connection that listens is made anew, in milliseconds. */
const RELISTEN_MS = 5000;

export interface Watched {
  /** Whether nothing is at hand, so that looking disturbs nobody. */
  readonly isIdle: () => boolean;
  readonly wake: (queue?: QueueName) => void;
}

export interface Watch {
  stop(): Promise<void>;
}

/**
 * Notices what other processes put into the queues, and what becomes due: PostgreSQL tells at once, SQLite is asked
 * whether its file has changed, and every second or so a query looks everywhere.
 */
export async function watchQueues(services: Services, watched: Watched): Promise<Watch> {
  const { dialect } = services.database;
  const stops = [every(POLL_MS[dialect], () => poll(services, watched))];
  if (dialect === 'sqlite') stops.push(every(SQLITE_LOOK_MS, changeDetector(services, watched)));
  if (dialect === 'postgresql') stops.push(await listen(services, watched));
  return {
    stop: async () => {
      for (const stop of stops) await stop();
    },
  };
}

async function poll({ database, clock }: Services, { wake }: Watched): Promise<void> {
  for (const queue of await queuesWithWork(database.connection, clock.now())) wake(queue as QueueName);
}

/** `data_version` changes when another connection has committed. */
function changeDetector({ database }: Services, { isIdle, wake }: Watched): () => Promise<void> {
  let last: number | undefined;
  return async () => {
    if (!isIdle()) return;
    const [row] = await database.connection.raw<{ data_version: number }[]>('PRAGMA data_version');
    if (last !== undefined && row?.data_version !== last) wake();
    last = row?.data_version;
  };
}

/** A connection of its own, out of the pool: a pooled one would listen only while it is lent. */
async function listen({ database, log }: Services, { wake }: Watched): Promise<() => Promise<void>> {
  const { Client } = (await import('pg')).default;
  const settings = database.connection.client.config.connection as pg.ClientConfig;
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const connect = async (): Promise<void> => {
    client = new Client(settings);
    client.on('error', () => {});
    client.on('end', () => {
      if (!isStopped) timer = setTimeout(() => void connect(), RELISTEN_MS);
    });
    client.on('notification', ({ payload }) => {
      if (queueNames.some((queue) => queue === payload)) wake(payload as QueueName);
    });
    try {
      await client.connect();
      await client.query(`LISTEN ${NOTIFY_CHANNEL}`);
      wake();
    } catch (error) {
      log('error', `Not listening for queue entries of other processes: ${(error as Error).message}`);
    }
  };
  await connect();
  return async () => {
    isStopped = true;
    clearTimeout(timer);
    await client?.end().catch(() => {});
  };
}

/** Runs work again and again, with a pause between; a failure of the database shows elsewhere. */
function every(milliseconds: number, work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= work()
      .catch(() => {})
      .finally(() => {
        running = undefined;
      });
  }, milliseconds).unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
