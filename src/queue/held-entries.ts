import type { QueueEntry } from './entry.ts';
import { OutsideAnswers } from './outside.ts';
import type { QueueName } from './queues.ts';

/** Entries of one queue that this process takes at most before it has finished others. */
const MAX_PER_QUEUE = 200;

/** Octets of messages held in memory at once, over all queues; one message is always taken, however large. */
const MAX_BYTES = 24 * 1024 * 1024;

/** An entry that is in this process's hands, stored as such. */
export interface HeldEntry extends QueueEntry {
  readonly messageId: string;
  readonly recoveries: number;
  /** What its step has asked outside of transactions. */
  readonly answers: OutsideAnswers;
}

export function heldEntry(fields: Omit<HeldEntry, 'answers'>): HeldEntry {
  return { ...fields, answers: new OutsideAnswers() };
}

/** What this process holds: bounded, so that a flood stays in the database and not in memory. */
export class HeldEntries {
  readonly #counts = new Map<QueueName, number>();
  #bytes = 0;
  #entries = 0;

  get isEmpty(): boolean {
    return this.#entries === 0;
  }

  /** How many more entries of a queue may be taken. */
  room(queue: QueueName): number {
    if (this.#bytes >= MAX_BYTES) return 0;
    return MAX_PER_QUEUE - (this.#counts.get(queue) ?? 0);
  }

  hasRoomFor(queue: QueueName, size: number): boolean {
    return this.room(queue) > 0 && (this.#entries === 0 || this.#bytes + size <= MAX_BYTES);
  }

  take({ queue, message }: QueueEntry): void {
    this.#counts.set(queue, (this.#counts.get(queue) ?? 0) + 1);
    this.#bytes += message.length;
    this.#entries += 1;
  }

  drop({ queue, message }: QueueEntry): void {
    this.#counts.set(queue, (this.#counts.get(queue) ?? 0) - 1);
    this.#bytes -= message.length;
    this.#entries -= 1;
  }
}
