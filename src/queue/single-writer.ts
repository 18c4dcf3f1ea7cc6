import { setTimeout as pause } from 'node:timers/promises';
import type { Connection, QuickTransactions } from '../database/handle.ts';
import { trustReads } from '../database/read-once.ts';
import { inSavepoint } from '../database/savepoint.ts';
import { isPassing } from './errors.ts';
import { queueWrites } from './queue-writes.ts';
import {
  nextTurn,
  type Operation,
  RUSH_MS,
  type Settle,
  type Urgency,
  type Waiting,
  type Writer,
  whole,
} from './writer.ts';

/** How long one transaction may gather operations: a commit must reach the disk, which takes a millisecond or more. */
const TURN_MS = 20;

/** While mail keeps coming in, steps get this part of the time: the mail servers outside wait for us, steps wait for nobody. */
const STEP_SHARE = 0.1;

/**
 * SQLite has one writer: whatever is waiting shares one transaction, its statements for the queue, and one way to the
 * disk. An operation that may well fail has a savepoint of its own, so that it takes nobody else along; where one fails
 * nevertheless, or what they wrote together, all are run again alone.
 */
export class SingleWriter implements Writer {
  readonly #database: QuickTransactions;
  readonly #waiting: Record<Urgency, Waiting[]> = { accept: [], record: [], step: [] };
  readonly #flushes = new Set<Promise<void>>();
  readonly #rush = new Rush();
  #loop: Promise<void> | undefined;

  constructor(database: QuickTransactions) {
    this.#database = database;
  }

  run<T>(urgency: Urgency, operation: Operation<T>): Promise<T> {
    if (urgency === 'accept') this.#rush.noteArrival();
    return new Promise<T>((resolve, reject) => {
      this.#waiting[urgency].push({
        work: operation,
        resolve: resolve as (value: unknown) => void,
        reject,
      });
      this.#loop ??= this.#work();
    });
  }

  async idle(): Promise<void> {
    while (this.#loop || this.#flushes.size > 0) {
      await this.#loop;
      await Promise.all(this.#flushes);
    }
  }

  async #work(): Promise<void> {
    // Those who ask in the same turn of the event loop share the first transaction.
    await nextTurn();
    while (this.#hasWork()) {
      if (this.#hasUrgentWork() || this.#rush.allowsStep()) await this.#transaction();
      else await pause(1);
      // Lets sockets be read, and others have the connection, between two transactions.
      await nextTurn();
    }
    this.#loop = undefined;
  }

  #hasWork(): boolean {
    return Object.values(this.#waiting).some((waiting) => waiting.length > 0);
  }

  #hasUrgentWork(): boolean {
    return this.#waiting.accept.length + this.#waiting.record.length > 0;
  }

  async #runNext(connection: Connection, done: Waiting[]): Promise<Settle | undefined> {
    const { accept, record, step } = this.#waiting;
    const accepted = accept.shift();
    const urgent = accepted ?? record.shift();
    const one = urgent ?? (this.#rush.allowsStep() ? step.shift() : undefined);
    if (!one) return undefined;
    done.push(one);
    // What is only stored does not fail by itself, and where the first one fails nothing else is undone.
    const run = accepted || done.length === 1 ? work : attempt;
    return urgent ? run(one, connection) : this.#rush.measure(() => run(one, connection));
  }

  async #transaction(): Promise<void> {
    const done: Waiting[] = [];
    const settled: Settle[] = [];
    try {
      await this.#database.transaction(async (connection) => {
        trustReads(connection);
        const end = performance.now() + TURN_MS;
        const isHurried = this.#waiting.accept.length > 0;
        do {
          const settle = await this.#runNext(connection, done);
          if (!settle) break;
          settled.push(settle);
          // A mail server waits for what is done so far, and must not wait for steps too.
          if (isHurried ? !this.#hasUrgentWork() : this.#waiting.accept.length > 0) break;
        } while (performance.now() < end);
        await queueWrites(connection).flush();
      });
    } catch (error) {
      // Where not even the transaction began, nobody was asked yet; all would wait for ever.
      if (done.length === 0)
        for (const waiting of Object.values(this.#waiting)) done.push(...waiting.splice(0));
      else if (done.length > 1) return this.#alone(done);
      for (const { reject } of done) reject(error);
      return;
    }
    this.#settleOnDisk(settled, done);
  }

  /** Where a transaction of several was lost, whoever it was because of takes nobody else along. */
  async #alone(group: readonly Waiting[]): Promise<void> {
    for (const one of group) {
      await this.#database
        .transaction((connection) => whole(one.work, connection))
        .then(
          (value) => this.#settleOnDisk([() => one.resolve(value)], [one]),
          (error: unknown) => one.reject(error),
        );
    }
  }

  /** The next transaction need not wait for the disk, only those who are told that theirs is safe. */
  #settleOnDisk(settled: readonly Settle[], done: readonly Waiting[]): void {
    const flushed = this.#database
      .flush()
      .then(
        () => {
          for (const settle of settled) settle();
        },
        (error: unknown) => {
          for (const { reject } of done) reject(error);
        },
      )
      .finally(() => this.#flushes.delete(flushed));
    this.#flushes.add(flushed);
  }
}

/** Keeps steps to their share of the time while mail keeps coming in. */
class Rush {
  #began = 0;
  #lastArrival = Number.NEGATIVE_INFINITY;
  #stepMs = 0;

  noteArrival(): void {
    const now = performance.now();
    if (now - this.#lastArrival > RUSH_MS) {
      this.#began = now;
      this.#stepMs = 0;
    }
    this.#lastArrival = now;
  }

  allowsStep(): boolean {
    const now = performance.now();
    return now - this.#lastArrival > RUSH_MS || this.#stepMs <= (now - this.#began) * STEP_SHARE;
  }

  /** Counts the time that a step takes. */
  async measure<T>(work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.#stepMs += performance.now() - start;
    }
  }
}

/** @throws what the operation throws: nothing of the transaction has happened then */
async function work(one: Waiting, connection: Connection): Promise<Settle> {
  const value = await one.work(connection);
  return () => one.resolve(value);
}

/** @throws what says nothing about the operation, and may have ended the transaction: nothing has happened then */
async function attempt(one: Waiting, connection: Connection): Promise<Settle> {
  const writes = queueWrites(connection);
  const before = writes.mark();
  try {
    return await inSavepoint(connection, () => work(one, connection));
  } catch (error) {
    writes.undo(before);
    if (isPassing(error)) throw error;
    return () => one.reject(error);
  }
}
