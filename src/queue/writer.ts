import PQueue from 'p-queue';
import type { Connection, Database, QuickTransactions } from '../database/handle.ts';
import { inSavepoint } from '../database/statement.ts';

/**
 * How urgent an operation is. `accept` holds up a mail server that waits for its reply, `record` a connection that
 * waits to deliver the next message, `step` nobody.
 */
export type Urgency = 'accept' | 'record' | 'step';

/** Changes the database; may be run a second time when the first try was rolled back. */
export type Operation<T> = (connection: Connection) => Promise<T>;

/** Runs operations in transactions that they share. */
export interface Writer {
  /** @returns what the operation gave, once it is committed and on disk; its error where it failed, alone */
  run<T>(urgency: Urgency, operation: Operation<T>): Promise<T>;
  /** Resolves when nothing is waiting or under way. */
  idle(): Promise<void>;
}

/** How long one transaction may gather operations: a commit must reach the disk, which takes a millisecond or more. */
const TURN_MS = 20;

/** While mail keeps coming in, steps get this part of the time: the mail servers outside wait for us, steps wait for nobody. */
const STEP_SHARE = 0.25;

/** Mail keeps coming in when the last came so recently, in milliseconds. */
const RUSH_MS = 20;

/** Transactions for steps at once on a server; its own group commit joins them on the disk. */
const SERVER_STEPS = 4;

/** Shared transactions at once on a server. */
const SERVER_LANES = 2;

/** The writer that suits a database. */
export function createWriter(database: Database): Writer {
  return database.quick ? new SingleWriter(database.quick) : new ServerWriter(database);
}

interface Waiting {
  readonly work: Operation<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

type Settle = () => void;

/**
 * SQLite has one writer: whatever is waiting shares one transaction, and one way to the disk. An operation has a savepoint of its own, so that one that fails takes nobody else along.
 */
class SingleWriter implements Writer {
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
      else await pause();
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
    const urgent = accept.shift() ?? record.shift();
    const one = urgent ?? (this.#rush.allowsStep() ? step.shift() : undefined);
    if (!one) return undefined;
    done.push(one);
    return urgent ? attempt(one, connection) : this.#rush.measure(() => attempt(one, connection));
  }

  async #transaction(): Promise<void> {
    const done: Waiting[] = [];
    const settled: Settle[] = [];
    try {
      await this.#database.transaction(async (connection) => {
        const end = performance.now() + TURN_MS;
        do {
          const settle = await this.#runNext(connection, done);
          if (!settle) break;
          settled.push(settle);
        } while (performance.now() < end);
      });
    } catch (error) {
      // Where not even the transaction began, nobody was asked yet; all would wait for ever.
      if (done.length === 0)
        for (const waiting of Object.values(this.#waiting)) done.push(...waiting.splice(0));
      for (const { reject } of done) reject(error);
      return;
    }
    // The next transaction need not wait for the disk, only those who are told that theirs is safe.
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

async function attempt({ work, resolve, reject }: Waiting, connection: Connection): Promise<Settle> {
  try {
    const value = await inSavepoint(connection, () => work(connection));
    return () => resolve(value);
  } catch (error) {
    return () => reject(error);
  }
}

/**
 * A server has many writers. Short operations share transactions as on SQLite, but without savepoints, which would
 * cost two round trips each: where one fails, all are run again alone. Steps hold locks of lists, so each is a
 * transaction of its own.
 */
class ServerWriter implements Writer {
  readonly #database: Database;
  readonly #steps = new PQueue({ concurrency: SERVER_STEPS });
  readonly #lanes = new PQueue({ concurrency: SERVER_LANES });
  #waiting: Waiting[] = [];
  #rushEnd: NodeJS.Timeout | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  run<T>(urgency: Urgency, operation: Operation<T>): Promise<T> {
    if (urgency === 'step') return this.#steps.add(() => this.#database.transaction(operation));
    if (urgency === 'accept') this.#holdBackSteps();
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ work: operation, resolve: resolve as (value: unknown) => void, reject });
      void this.#lanes.add(() => this.#together());
    });
  }

  async idle(): Promise<void> {
    while (this.#steps.size + this.#steps.pending + this.#lanes.size + this.#lanes.pending > 0) {
      await Promise.all([this.#steps.onIdle(), this.#lanes.onIdle()]);
    }
  }

  /** While mail keeps coming in, steps go one at a time. */
  #holdBackSteps(): void {
    this.#steps.concurrency = 1;
    if (this.#rushEnd) this.#rushEnd.refresh();
    else {
      this.#rushEnd = setTimeout(() => {
        this.#rushEnd = undefined;
        this.#steps.concurrency = SERVER_STEPS;
      }, RUSH_MS).unref();
    }
  }

  async #together(): Promise<void> {
    await nextTurn();
    const group = this.#waiting;
    this.#waiting = [];
    if (group.length === 0) return;
    try {
      const values = await this.#database.transaction(async (connection) => {
        const results: unknown[] = [];
        for (const { work } of group) results.push(await work(connection));
        return results;
      });
      for (const [index, { resolve }] of group.entries()) resolve(values[index]);
    } catch (error) {
      if (group.length === 1) group[0]?.reject(error);
      else await this.#alone(group);
    }
  }

  async #alone(group: readonly Waiting[]): Promise<void> {
    for (const { work, resolve, reject } of group) {
      await this.#database.transaction(work).then(resolve, reject);
    }
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
