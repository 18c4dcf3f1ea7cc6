import type { UtcTime } from '../model/time.ts';
import type { QueueEntry } from './entry.ts';
import type { MessageMetadata } from './queues.ts';
import type { Services, Step } from './step.ts';

/**
 * Works on the entries of a queue outside of transactions, for as long as it takes: delivery. It finishes an entry
 * or puts it back through the engine, in operations of its own.
 */
export interface Consumer {
  /** Entries at once. */
  readonly concurrency: number;
  readonly consume: (entry: QueueEntry, engine: EntryKeeper) => Promise<void>;
}

/** What a consumer may do with an entry. */
export interface EntryKeeper {
  readonly services: Services;
  /**
   * Does part of the work as a step; resolves when that is on disk. It may be run a second time when the first try was
   * rolled back.
   */
  inStep<T>(entry: QueueEntry, work: (step: Step) => Promise<T>): Promise<T>;
  /** In such a step: the entry is done; `inStep` throws LostEntryError where another process has taken it over. */
  finish(step: Step, entry: QueueEntry): Promise<void>;
  /** In such a step: the entry comes back later. @throws LostEntryError */
  putBack(step: Step, entry: QueueEntry, change: Later): Promise<void>;
}

/** How an entry comes back. */
export interface Later {
  readonly runAt: UtcTime;
  readonly metadata: MessageMetadata;
  readonly attempts: number;
  readonly error: string;
}
