import type { QueueEntry } from './entry.ts';
import { OutsideAnswers } from './outside.ts';
import type { QueueName } from './queues.ts';

/** Entries of one queue that this process takes at most before it has finished others. */
const MAX_PER_QUEUE = 200;

/** Octets of messages held in memory at once, over all queues; one message is always taken, however large. */
export const MAX_BYTES = 24 * 1024 * 1024;

/** An entry that is in this process's hands, stored as such. */
export interface HeldEntry extends QueueEntry {
  readonly messageId: string;
  readonly recoveries: number;
  /** What its step has asked outside of transactions. */
  readonly answers: OutsideAnswers;
}

/** An entry that this process has in hand. */
export function heldEntry(fields: Omit<HeldEntry, 'answers'>): HeldEntry {
  return { ...fields, answers: new OutsideAnswers() };
}

/** What this process holds: bounded, so that a flood stays in the database and not in memory. */
export class HeldEntries {
  readonly #counts = new Map<QueueName, number>();
  /** How often each entry was taken: one that was put back may be taken again before it is dropped. */
  readonly #ids = new Map<string, number>();
  /** Messages by how many entries have them: one that goes into several queues is in memory once. */
  readonly #users = new Map<Buffer, number>();
  #bytes = 0;
  #entries = 0;
  #reserved = 0;

  get isEmpty(): boolean {
    return this.#entries === 0 && this.#reserved === 0;
  }

  /** Whether an entry is in hand, or about to be. */
  has(entryId: string): boolean {
    return this.#ids.has(entryId);
  }

  /** How many more entries of a queue may be taken. */
  room(queue: QueueName): number {
    if (this.#bytes + this.#reserved >= MAX_BYTES) return 0;
    return MAX_PER_QUEUE - (this.#counts.get(queue) ?? 0);
  }

  hasRoomFor(queue: QueueName, size: number): boolean {
    if (this.isEmpty) return true;
    return this.room(queue) > 0 && this.#bytes + this.#reserved + size <= MAX_BYTES;
  }

  /** Keeps memory for entries that are about to be loaded. @returns what gives it back; call it once */
  reserve(size: number, entryIds: readonly string[]): () => void {
    this.#reserved += size;
    for (const entryId of entryIds) this.#count(entryId, 1);
    return () => {
      this.#reserved -= size;
      for (const entryId of entryIds) this.#count(entryId, -1);
    };
  }

  take({ id, queue, message }: QueueEntry): void {
    this.#count(id, 1);
    this.#counts.set(queue, (this.#counts.get(queue) ?? 0) + 1);
    const users = this.#users.get(message) ?? 0;
    this.#users.set(message, users + 1);
    if (users === 0) this.#bytes += message.length;
    this.#entries += 1;
  }

  drop({ id, queue, message }: QueueEntry): void {
    this.#count(id, -1);
    this.#counts.set(queue, (this.#counts.get(queue) ?? 0) - 1);
    const users = this.#users.get(message) ?? 0;
    if (users > 1) this.#users.set(message, users - 1);
    else {
      this.#users.delete(message);
      this.#bytes -= message.length;
    }
    this.#entries -= 1;
  }

  #count(entryId: string, change: number): void {
    const count = (this.#ids.get(entryId) ?? 0) + change;
    if (count === 0) this.#ids.delete(entryId);
    else this.#ids.set(entryId, count);
  }
}
