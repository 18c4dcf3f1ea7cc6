import PQueue from 'p-queue';
import type { Connection, Database, QuickTransactions } from '../database/handle.ts';
import { holdList } from '../database/lists.ts';
import { trustReads } from '../database/read-once.ts';
import { inSavepoint } from '../database/statement.ts';
import { isPassing } from './errors.ts';
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

/** How long one transaction may gather operations: a commit must reach the disk, which takes a millisecond or more. */
const TURN_MS = 20;

/** While mail keeps coming in, steps get this part of the time: the mail servers outside wait for us, steps wait for nobody. */
const STEP_SHARE = 0.2;

/** Mail keeps coming in when the last came so recently, in milliseconds. */
const RUSH_MS = 20;

/** The same for the steps of one list on a server, whose row nobody else can change meanwhile. */
const SERVER_TURN_MS = 50;

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

interface ShortOperation extends Waiting {
  readonly isAccept: boolean;
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

/** @throws what says nothing about the operation, and may have ended the transaction: nothing has happened then */
async function attempt({ work, resolve, reject }: Waiting, connection: Connection): Promise<Settle> {
  const writes = queueWrites(connection);
  const before = writes.mark();
  try {
    const value = await inSavepoint(connection, () => whole(work, connection));
    return () => resolve(value);
  } catch (error) {
    writes.undo(before);
    if (isPassing(error)) throw error;
    return () => reject(error);
  }
}

/** Operations in one transaction on a server at most: PostgreSQL has a quick way for 64 savepoints in each. */
const MAX_STEPS = 16;

/**
 * A server has many writers. Short operations share transactions as on SQLite, but without savepoints: where one fails,
 * all are run again alone. Steps of different lists run at the same time, those of one list, which wait for each other
 * anyway to change its row, share a transaction.
 */
class ServerWriter implements Writer {
  readonly #database: Database;
  readonly #steps = new PQueue({ concurrency: SERVER_STEPS });
  readonly #lanes = new PQueue({ concurrency: SERVER_LANES });
  readonly #byList = new Map<string, Waiting[]>();
  #waiting: ShortOperation[] = [];
  #rushEnd: NodeJS.Timeout | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  run<T>(urgency: Urgency, operation: Operation<T>, listId?: string): Promise<T> {
    if (urgency === 'accept') this.#holdBackSteps();
    return new Promise<T>((resolve, reject) => {
      const one = { work: operation, resolve: resolve as (value: unknown) => void, reject };
      if (urgency === 'step') this.#addStep(one, listId);
      else {
        this.#waiting.push({ ...one, isAccept: urgency === 'accept' });
        void this.#lanes.add(() => this.#together());
      }
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

  #addStep(one: Waiting, listId: string | undefined): void {
    if (listId === undefined) {
      void this.#steps.add(() => this.#stepsTogether([one]));
      return;
    }
    const waiting = this.#byList.get(listId);
    if (waiting) {
      waiting.push(one);
      return;
    }
    this.#byList.set(listId, [one]);
    void this.#steps.add(() => this.#stepsOf(listId));
  }

  /** One transaction for the steps of a list; the next one has to wait for its turn among those of other lists. */
  async #stepsOf(listId: string): Promise<void> {
    const waiting = this.#byList.get(listId) ?? [];
    await this.#stepsTogether(waiting, listId);
    if (waiting.length === 0) this.#byList.delete(listId);
    else void this.#steps.add(() => this.#stepsOf(listId));
  }

  /** Takes steps off `waiting` for as long as a transaction may last, and runs them. */
  async #stepsTogether(waiting: Waiting[], listId?: string): Promise<void> {
    const done: Waiting[] = [];
    let isCommitting = false;
    try {
      const settled = await this.#database.transaction(async (connection) => {
        // Before their time begins: another process may have the list.
        if (listId !== undefined && waiting.length > 1) await holdList(connection, listId);
        const settles = await runSteps(connection, () => {
          const next = waiting.shift();
          if (next) done.push(next);
          return next;
        });
        isCommitting = true;
        return settles;
      });
      for (const settle of settled) settle();
    } catch (error) {
      if (done.length === 0) done.push(...waiting.splice(0, 1));
      await this.#settleFailed(done, error, isCommitting);
    }
  }

  async #together(): Promise<void> {
    await nextTurn();
    const group = this.#waiting;
    this.#waiting = [];
    if (group.length === 0) return;
    let isCommitting = false;
    try {
      const values = await this.#database.transaction(async (connection) => {
        const found = await runTogether(connection, group);
        isCommitting = true;
        return found;
      });
      for (const one of group) one.resolve(values.get(one));
    } catch (error) {
      await this.#settleFailed(group, error, isCommitting);
    }
  }

  /** Where the answer to COMMIT got lost, all may be done: what is run again would be done twice. */
  async #settleFailed(group: readonly Waiting[], error: unknown, isCommitting: boolean): Promise<void> {
    if (group.length > 1 && !(isCommitting && isPassing(error))) return this.#alone(group);
    for (const { reject } of group) reject(error);
  }

  async #alone(group: readonly Waiting[]): Promise<void> {
    for (const { work, resolve, reject } of group) {
      await this.#database.transaction((connection) => whole(work, connection)).then(resolve, reject);
    }
  }
}

/** An operation with all that it has to write. */
async function whole<T>(work: Operation<T>, connection: Connection): Promise<T> {
  const value = await work(connection);
  await queueWrites(connection).flush();
  return value;
}

/** @returns what each has given */
async function runTogether(
  connection: Connection,
  group: readonly ShortOperation[],
): Promise<Map<ShortOperation, unknown>> {
  trustReads(connection);
  const values = new Map<ShortOperation, unknown>();
  const run = async (one: ShortOperation): Promise<void> => {
    values.set(one, await one.work(connection));
  };
  // Messages that are only stored need not wait for each other on their way to the server.
  await Promise.all(group.filter(({ isAccept }) => isAccept).map(run));
  for (const one of group) if (!one.isAccept) await run(one);
  await queueWrites(connection).flush();
  return values;
}

/**
 * Runs one step after the other. The first needs no savepoint: where it fails, nothing else is undone.
 * @throws what says nothing about a step itself but ends the transaction: nothing has happened then
 */
async function runSteps(connection: Connection, next: () => Waiting | undefined): Promise<Settle[]> {
  trustReads(connection);
  const writes = queueWrites(connection);
  const settled: Settle[] = [];
  const end = performance.now() + SERVER_TURN_MS;
  for (let one = next(); one; one = next()) {
    const { work, resolve, reject } = one;
    const attempt = () => work(connection);
    const before = writes.mark();
    try {
      const value = await (settled.length === 0 ? attempt() : inSavepoint(connection, attempt));
      settled.push(() => resolve(value));
    } catch (error) {
      if (settled.length === 0 || isPassing(error)) throw error;
      writes.undo(before);
      settled.push(() => reject(error));
    }
    if (settled.length >= MAX_STEPS || performance.now() >= end) break;
  }
  await writes.flush();
  return settled;
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
