import type { Config } from '../config/index.ts';
import type { Connection, Database } from '../database/handle.ts';
import type { UtcTime } from '../model/time.ts';
import type { MessageMetadata, QueueName } from './queues.ts';

/** What the whole server shares; tests give their own clock and resolver. */
export interface Services {
  readonly config: Config;
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly resolver: DnsResolver;
}

export interface Clock {
  readonly now: () => UtcTime;
}

/** Writes a line to one of Mailman's logs (`[logging.NAME]`), with time and process id in front. */
export type Log = (logger: LoggerName, line: string) => void;

export type LoggerName =
  | 'archiver'
  | 'bounce'
  | 'config'
  | 'database'
  | 'debug'
  | 'error'
  | 'fromusenet'
  | 'http'
  | 'locks'
  | 'mischief'
  | 'plugins'
  | 'runner'
  | 'smtp'
  | 'subscribe'
  | 'task'
  | 'vette';

/** As node:dns/promises `resolve`; errors carry `code` ENOTFOUND, ENODATA, ETIMEOUT, … */
export interface DnsResolver {
  readonly resolveTxt: (name: string) => Promise<string[][]>;
}

/**
 * One step of one message. All that it does to the database happens in one transaction, which also finishes the
 * queue entry: after a crash the step either happened or did not.
 */
export interface Step extends Services {
  readonly connection: Connection;
  /** Adds a message to a queue, as part of the step. */
  readonly enqueue: Enqueue;
}

export type Enqueue = (queue: QueueName, message: Uint8Array, metadata: MessageMetadata) => Promise<void>;
