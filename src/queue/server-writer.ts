import PQueue from 'p-queue';
import type { Connection, Database } from '../database/handle.ts';
import { holdList } from '../database/lists.ts';
import { trustReads } from '../database/read-once.ts';
import { inSavepoint } from '../database/savepoint.ts';
import { isPassing } from './errors.ts';
import { queueWrites } from './queue-writes.ts';
import {
  nextTurn,
  type Operation,
  RUSH_MS,
  type Settle,
  type ShortOperation,
  type Urgency,
  type Waiting,
  type Writer,
  whole,
} from './writer.ts';

/**
 * How long one transaction may gather steps of a list, whose row nobody else can change meanwhile. Not less: where several
 * processes share the machine, each step takes longer, and small transactions would make all of them dearer.
 */
const SERVER_TURN_MS = 400;

/** Transactions for steps at once on a server; its own group commit joins them on the disk. */
const SERVER_STEPS = 4;

/** Shared transactions at once on a server. */
const SERVER_LANES = 2;

/** Operations in one transaction on a server at most: PostgreSQL has a quick way for 64 savepoints in each. */
const MAX_STEPS = 16;

/**
 * A server has many writers. Short operations share transactions as on SQLite, but without savepoints: where one fails,
 * all are run again alone. Steps of different lists run at the same time, those of one list, which wait for each other
 * anyway to change its row, share a transaction.
 */
export class ServerWriter implements Writer {
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
        trustReads(connection);
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
