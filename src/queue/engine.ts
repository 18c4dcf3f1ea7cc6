import { setTimeout as pause } from 'node:timers/promises';
import type { Connection } from '../database/handle.ts';
import { putBackEntry, queuesWithWork } from '../database/queue-entries.ts';
import { Announcer } from './announcer.ts';
import { Chain, type ChainHost, type Processor } from './chain.ts';
import { type Claimant, claim } from './claim.ts';
import type { Consumer, EntryKeeper, Later } from './consumer.ts';
import { createWriter } from './create-writer.ts';
import { onStepRun } from './enqueue.ts';
import type { QueueEntry } from './entry.ts';
import { describeError, isCollision, isPassing, LostEntryError, PutOffError } from './errors.ts';
import { HeldEntries, type HeldEntry } from './held-entries.ts';
import { tidyAfter, turnFor } from './large-messages.ts';
import { later } from './later.ts';
import { WorkerLease } from './lease.ts';
import { SuspendedStep } from './outside.ts';
import { queueWrites } from './queue-writes.ts';
import { type MessageMetadata, type QueueName, queueNames } from './queues.ts';
import type { Services, Step } from './step.ts';
import { Strays } from './strays.ts';
import { type Watch, watchQueues } from './watch.ts';
import type { Urgency, Writer } from './writer.ts';

export type { Processor } from './chain.ts';
export type { Consumer, EntryKeeper, Later } from './consumer.ts';

/** What works on each queue; entries of other queues stay where they are. */
export interface Workers {
  readonly processors: Partial<Readonly<Record<QueueName, Processor>>>;
  readonly consumers?: Partial<Readonly<Record<QueueName, Consumer>>>;
}

/**
 * Steps given to the writer at once; the others wait here, where they can still be given back. A server works on those of
 * many lists in turns, and what each list has waiting shares a transaction.
 */
const MAX_STEPS = { sqlite: 32, postgresql: 128, mysql: 128 };

/** How often a step is tried again that was in the way of another. */
const MAX_COLLISIONS = 3;

/** Entries claimed in one operation. */
const CLAIM_BATCH = 50;

/** With so many at hand that nobody works on yet, there is time to claim many at once. */
const ENOUGH_WAITING = 25;

/** Pause after a failure of the database, in milliseconds. */
const TROUBLE_PAUSE = 1000;

interface QueueState {
  readonly waiting: HeldEntry[];
  running: number;
  /** Whether the database may hold entries of this queue that nobody has taken. */
  hasBacklog: boolean;
  isClaiming: boolean;
}

/**
 * Moves messages through the queues. It is in one of these modes: *new* until `start`; *running*, taking whatever is
 * due; *stopping* from `stop` on, when it begins nothing new, finishes what is under way, and gives the rest back.
 */
export class QueueEngine implements ChainHost, EntryKeeper {
  readonly services: Services;
  readonly workerId: string;
  readonly #workers: Workers;
  readonly #writer: Writer;
  readonly #lease: WorkerLease;
  readonly #strays: Strays;
  readonly #held = new HeldEntries();
  /** Those whose transaction is under way. */
  readonly #chains = new Set<Chain>();
  readonly #announcer: Announcer;
  readonly #states = new Map<QueueName, QueueState>();
  #mode: 'new' | 'running' | 'stopping' = 'new';
  #watch: Watch | undefined;
  #ended: (() => void)[] = [];
  #forgetRuns: (() => void) | undefined;

  /** @param instance names this installation on this host; no other process that lives may have the same */
  constructor(services: Services, workers: Workers, instance: string) {
    this.services = services;
    this.#workers = workers;
    this.#writer = createWriter(services.database);
    this.#lease = new WorkerLease(services, instance);
    this.#announcer = new Announcer(services);
    this.workerId = this.#lease.workerId;
    this.#strays = new Strays(services, {
      workerId: this.workerId,
      isKnown: (entryId) =>
        this.#held.has(entryId) || [...this.#chains].some(({ entryIds }) => entryIds.includes(entryId)),
      onReleased: () => this.wake(),
    });
    for (const queue of queueNames) {
      if (!workers.processors[queue] && !workers.consumers?.[queue]) continue;
      this.#states.set(queue, { waiting: [], running: 0, hasBacklog: true, isClaiming: false });
    }
  }

  /** Takes over what a dead predecessor held, and begins. */
  async start(): Promise<void> {
    await this.#lease.begin(() => this.wake());
    this.#mode = 'running';
    this.#forgetRuns = onStepRun(this.services.database, () => this.wake());
    this.#watch = await watchQueues(this.services, {
      isIdle: () => this.#held.isEmpty,
      wake: (queue) => this.wake(queue),
    });
    this.wake();
  }

  /** Finishes what is under way, gives back the rest. */
  async stop(): Promise<void> {
    this.#mode = 'stopping';
    this.#forgetRuns?.();
    await this.#watch?.stop();
    for (const state of this.#states.values()) {
      for (const entry of state.waiting.splice(0)) this.#held.drop(entry);
    }
    while ([...this.#states.values()].some(({ running, isClaiming }) => running > 0 || isClaiming)) {
      await this.#nextEnd();
    }
    await this.#writer.idle();
    await this.#strays.end();
    await this.#lease.end();
  }

  /** Accepts a message: when the promise resolves, it is on disk. */
  async accept(queue: QueueName, message: Buffer, metadata: MessageMetadata): Promise<void> {
    await this.acceptAll(message, [{ queue, metadata }]);
  }

  /** Accepts a message into several queues at once, wholly or not at all; its bytes are stored once. */
  async acceptAll(
    message: Buffer,
    entries: readonly { readonly queue: QueueName; readonly metadata: MessageMetadata }[],
  ): Promise<void> {
    await this.#chain('accept', async (chain) => {
      for (const { queue, metadata } of entries) await chain.accept(queue, message, metadata);
    });
  }

  /** Looks for entries of a queue, or of all, that somebody else has stored. */
  wake(queue?: QueueName): void {
    for (const [name, state] of this.#states) {
      if (queue === undefined || queue === name) state.hasBacklog = true;
    }
    this.#pump();
  }

  /** Resolves when nothing that is due is left. For tests, and for commands that run the queues once. */
  async drain(): Promise<void> {
    for (;;) {
      this.wake();
      while (!this.#isQuiet()) await this.#nextEnd();
      const due = await queuesWithWork(this.services.database.connection, this.services.clock.now());
      if (!due.some((queue) => this.#states.has(queue as QueueName))) return;
    }
  }

  processorAtOnce(queue: QueueName): Processor | undefined {
    const state = this.#states.get(queue);
    if (!state || state.hasBacklog || state.waiting.length > 0 || this.#mode === 'stopping') return undefined;
    return this.#workers.processors[queue];
  }

  holds(queue: QueueName, size: number): boolean {
    const state = this.#states.get(queue);
    if (!state || this.#mode !== 'running') return false;
    if (!state.hasBacklog && this.#held.hasRoomFor(queue, size)) return true;
    // Those that come later must not overtake the one that stays in the database now.
    state.hasBacklog = true;
    return false;
  }

  async inStep<T>(entry: QueueEntry, work: (step: Step) => Promise<T>): Promise<T> {
    const held = entry as HeldEntry;
    for (;;) {
      try {
        return await this.#chain('record', (chain) => chain.perform(held, work));
      } catch (error) {
        if (!(error instanceof SuspendedStep)) throw error;
        await held.answers.settle();
      }
    }
  }

  async finish({ connection }: Step, entry: QueueEntry): Promise<void> {
    queueWrites(connection).finish(entry as HeldEntry, this.workerId);
  }

  async putBack({ connection }: Step, entry: QueueEntry, change: Later): Promise<void> {
    const { runAt, metadata, attempts, error } = change;
    const row = { queue: entry.queue, metadata: JSON.stringify(metadata), run_at: runAt, attempts, error };
    if (!(await putBackEntry(connection, entry.id, this.workerId, row))) {
      throw new LostEntryError(`Entry ${entry.id} of queue ${entry.queue} was taken over`);
    }
  }

  #pump(): void {
    if (this.#mode !== 'running') return;
    for (const [queue, state] of this.#states) {
      const consumer = this.#workers.consumers?.[queue];
      const limit = consumer?.concurrency ?? MAX_STEPS[this.services.database.dialect];
      while (state.running < limit) {
        const entry = state.waiting.shift();
        if (!entry) break;
        state.running += 1;
        void this.#work(entry, consumer).finally(() => {
          state.running -= 1;
          this.#held.drop(entry);
          tidyAfter(entry.message.length);
          this.#pump();
          this.#signalEnd();
        });
      }
      const isWanting = state.hasBacklog && state.waiting.length < ENOUGH_WAITING;
      if (isWanting && !state.isClaiming && this.#held.room(queue) > 0) void this.#claim(queue, state);
    }
  }

  async #work(held: HeldEntry, consumer: Consumer | undefined): Promise<void> {
    let entry = held;
    for (let collisions = 0; ; entry = { ...held, isNew: false }) {
      try {
        if (consumer) await consumer.consume(entry, this);
        else await this.#inTurn(entry);
        return;
      } catch (error) {
        if (error instanceof SuspendedStep) await entry.answers.settle();
        else if (error instanceof LostEntryError) {
          this.services.log('error', error.message);
          return;
        } else if (isPassing(error)) {
          this.services.log(
            'error',
            `${(error as Error).message}; entry ${entry.id} of ${entry.queue} waits`,
          );
          if (this.#mode !== 'running') return;
          await pause(TROUBLE_PAUSE);
        } else if (isCollision(error) && collisions < MAX_COLLISIONS) collisions += 1;
        else if (error instanceof PutOffError) {
          if (await this.#putOff(entry, error)) return;
        } else if (await this.#shunt(entry, error)) return;
      }
    }
  }

  async #inTurn(entry: HeldEntry): Promise<void> {
    const endTurn = await turnFor(entry.message.length);
    try {
      await this.#process(entry);
    } finally {
      endTurn();
    }
  }

  async #process(entry: HeldEntry): Promise<void> {
    const process = this.#workers.processors[entry.queue];
    if (process) await this.#chain('step', (chain) => chain.run(entry, process), entry.metadata.listid);
  }

  /** Runs a chain in a transaction, and takes over what it leaves in this process's hands. */
  async #chain<T>(urgency: Urgency, work: (chain: Chain) => Promise<T>, listId?: string): Promise<T> {
    let last: Chain | undefined;
    const begin = (connection: Connection): Chain => {
      if (last) this.#chains.delete(last);
      last = new Chain(this, connection);
      this.#chains.add(last);
      return last;
    };
    try {
      const result = await this.#writer.run(urgency, (connection) => work(begin(connection)), listId);
      if (last) this.#takeOver(last);
      return result;
    } catch (error) {
      if (isPassing(error)) this.#strays.doubt(urgency === 'accept' && last ? last.entryIds : []);
      throw error;
    } finally {
      if (last) this.#chains.delete(last);
    }
  }

  #takeOver({ held, left, shunted }: Chain): void {
    for (const entry of held) {
      this.#held.take(entry);
      this.#states.get(entry.queue)?.waiting.push(entry);
    }
    for (const queue of left) {
      this.#announcer.announce(queue);
      const state = this.#states.get(queue);
      if (state) state.hasBacklog = true;
    }
    for (const { queue, error } of shunted) this.#logShunted(queue, error);
    if (held.length + left.size > 0) this.#pump();
  }

  /** @returns false where even that failed, and the entry is to be tried again */
  async #shunt(entry: HeldEntry, error: unknown): Promise<boolean> {
    const metadata: MessageMetadata = { ...entry.metadata, whichq: entry.queue };
    const change = { metadata: JSON.stringify(metadata), error: describeError(error) };
    const isDone = await this.#giveBack(entry, {
      ...change,
      queue: 'shunt',
      run_at: this.services.clock.now(),
    });
    if (isDone) this.#logShunted(entry.queue, error);
    return isDone || this.#mode !== 'running';
  }

  /** @returns as `#shunt` does */
  async #putOff(entry: HeldEntry, { message, seconds }: PutOffError): Promise<boolean> {
    const change = { queue: entry.queue, metadata: JSON.stringify(entry.metadata), error: message };
    const run_at = later(this.services.clock.now(), seconds);
    return (await this.#giveBack(entry, { ...change, run_at })) || this.#mode !== 'running';
  }

  async #giveBack(
    entry: HeldEntry,
    change: Omit<Parameters<typeof putBackEntry>[3], 'attempts'>,
  ): Promise<boolean> {
    try {
      await this.#writer.run('record', (connection) =>
        putBackEntry(connection, entry.id, this.workerId, { ...change, attempts: entry.attempts }),
      );
      return true;
    } catch {
      await pause(TROUBLE_PAUSE);
      return false;
    }
  }

  #logShunted(queue: QueueName, error: unknown): void {
    this.services.log('error', `SHUNTING: a message of queue ${queue}: ${describeError(error)}`);
  }

  async #claim(queue: QueueName, state: QueueState): Promise<void> {
    state.isClaiming = true;
    state.hasBacklog = false;
    let giveBack = (): void => {};
    try {
      const limit = Math.min(CLAIM_BATCH, this.#held.room(queue));
      const { entries, isAll } = await this.#writer.run('record', (connection) => {
        // A second try: what the first one had kept is free again.
        giveBack();
        giveBack = () => {};
        const onReserved = (release: () => void): void => {
          giveBack = release;
        };
        return claim(connection, { ...this.#claimant(queue), onReserved }, limit);
      });
      giveBack();
      giveBack = () => {};
      if (!isAll) state.hasBacklog = true;
      // The next one is too large as long as nothing in hand is finished.
      if (entries.length === 0 && !isAll && !this.#held.isEmpty) await this.#nextEnd();
      for (const entry of entries) {
        if (this.#strays.isRefused(entry.id)) continue;
        this.#held.take(entry);
        if (this.#mode === 'running') state.waiting.push(entry);
        else this.#held.drop(entry);
      }
    } catch (error) {
      giveBack();
      state.hasBacklog = true;
      this.#strays.doubt([]);
      this.services.log('error', `Queue ${queue} cannot be read: ${(error as Error).message}`);
      await pause(TROUBLE_PAUSE);
    } finally {
      state.isClaiming = false;
      this.#pump();
      this.#signalEnd();
    }
  }

  #claimant(queue: QueueName): Omit<Claimant, 'onReserved'> {
    return { services: this.services, workerId: this.workerId, held: this.#held, queue };
  }

  #isQuiet(): boolean {
    return [...this.#states.values()].every(
      ({ waiting, running, hasBacklog, isClaiming }) =>
        waiting.length === 0 && running === 0 && !hasBacklog && !isClaiming,
    );
  }

  #nextEnd(): Promise<void> {
    return new Promise((resolve) => this.#ended.push(resolve));
  }

  #signalEnd(): void {
    for (const resolve of this.#ended.splice(0)) resolve();
  }
}
