import type { Connection } from '../database/handle.ts';
import { queueWrites } from './queue-writes.ts';

/**
 * How urgent an operation is. `accept` holds up a mail server that waits for its reply, `record` a connection that
 * waits to deliver the next message, `step` nobody.
 */
export type Urgency = 'accept' | 'record' | 'step';

/** Changes the database; may be run a second time when the first try was rolled back. */
export type Operation<T> = (connection: Connection) => Promise<T>;

/** Runs operations in transactions that they share. */
export interface Writer {
  /**
   * @param listId of a step: the list whose row it may change
   * @returns what the operation gave, once it is committed and on disk; its error where it failed, alone
   */
  run<T>(urgency: Urgency, operation: Operation<T>, listId?: string): Promise<T>;
  /** Resolves when nothing is waiting or under way. */
  idle(): Promise<void>;
}

/** Mail keeps coming in when the last came so recently, in milliseconds. */
export const RUSH_MS = 20;

/** What waits for its turn. */
export interface Waiting {
  readonly work: Operation<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export interface ShortOperation extends Waiting {
  readonly isAccept: boolean;
}

export type Settle = () => void;

/** An operation with all that it has to write. */
export async function whole<T>(work: Operation<T>, connection: Connection): Promise<T> {
  const value = await work(connection);
  await queueWrites(connection).flush();
  return value;
}

/** What comes in the same turn of the event loop has come by then. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
