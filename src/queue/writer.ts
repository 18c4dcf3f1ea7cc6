import PQueue from 'p-queue';
import type { Connection, Database } from '../database/handle.ts';
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

/** Transactions for steps at once on a server; its own group commit joins them on the disk. */
const SERVER_STEPS = 4;

/** Shared transactions at once on a server. */
const SERVER_LANES = 2;

/** The writer that suits a database. */
export function createWriter(database: Database): Writer {
  return database.dialect === 'sqlite' ? new SingleWriter(database) : new ServerWriter(database);
}

interface Waiting {
  readonly work: Operation<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

type Settle = () => void;

/**
 * SQLite has one writer, and each commit waits for the disk: whatever is waiting shares one transaction. An operation
 * has a savepoint of its own, so that one that fails takes nobody else along.
 */
class SingleWriter implements Writer {
  readonly #database: Database;
  readonly #waiting: Record<Urgency, Waiting[]> = { accept: [], record: [], step: [] };
  #loop: Promise<void> | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  run<T>(urgency: Urgency, operation: Operation<T>): Promise<T> {
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
    while (this.#loop) await this.#loop;
  }

  async #work(): Promise<void> {
    // Those who ask in the same turn of the event loop share the first transaction.
    await nextTurn();
    while (this.#hasWork()) {
      await this.#transaction();
      // Lets sockets be read, and others have the connection, between two transactions.
      await nextTurn();
    }
    this.#loop = undefined;
  }

  #hasWork(): boolean {
    return Object.values(this.#waiting).some((waiting) => waiting.length > 0);
  }

  #next(): Waiting | undefined {
    const { accept, record, step } = this.#waiting;
    return accept.shift() ?? record.shift() ?? step.shift();
  }

  async #transaction(): Promise<void> {
    const done: Waiting[] = [];
    const settled: Settle[] = [];
    try {
      await this.#database.transaction(async (connection) => {
        const end = performance.now() + TURN_MS;
        for (let one = this.#next(); one; one = performance.now() < end ? this.#next() : undefined) {
          done.push(one);
          settled.push(await attempt(one, connection));
        }
      });
    } catch (error) {
      // Where not even the transaction began, nobody was asked yet; all would wait for ever.
      if (done.length === 0) for (let one = this.#next(); one; one = this.#next()) done.push(one);
      for (const { reject } of done) reject(error);
      return;
    }
    for (const settle of settled) settle();
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

  constructor(database: Database) {
    this.#database = database;
  }

  run<T>(urgency: Urgency, operation: Operation<T>): Promise<T> {
    if (urgency === 'step') return this.#steps.add(() => this.#database.transaction(operation));
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

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
