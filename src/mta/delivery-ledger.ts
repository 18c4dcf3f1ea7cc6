import { addProgress, clearProgress } from '../database/delivery-progress.ts';
import type { EntryKeeper } from '../queue/engine.ts';
import { nextEntryId, type QueueEntry } from '../queue/entry.ts';
import { isPassing } from '../queue/errors.ts';
import type { Step } from '../queue/step.ts';
import type { DeliveryHooks, RefusedRecipient } from './outgoing.ts';
import { planRetry } from './retry-schedule.ts';

/** Pause before noting again what the database did not take, in milliseconds. */
const NOTE_AGAIN_MS = 1000;

/** What has become of some recipients. */
export interface Outcome {
  readonly delivered: readonly string[];
  /** To be tried again. */
  readonly deferred: readonly RefusedRecipient[];
  /** Not to be tried again. */
  readonly refused: readonly RefusedRecipient[];
}

/**
 * Keeps account of an entry's recipients on disk. Outcomes that come while a commit is under way share the next one.
 * When nobody is left, the same commit finishes the entry or puts it back for those deferred.
 */
export class DeliveryLedger {
  readonly #entry: QueueEntry;
  readonly #keeper: EntryKeeper;
  readonly #hooks: DeliveryHooks;
  readonly #deferred: RefusedRecipient[];
  #open: number;
  /** Recipients of whom `note` has not heard yet. */
  #unheard: number;
  readonly #writes = new Set<Promise<void>>();
  #waiting: Outcome[] = [];
  #writing: Promise<void> | undefined;

  /**
   * @param open how many recipients nothing is known of yet
   * @param deferred recipients deferred before, in an attempt that was interrupted
   */
  constructor(
    entry: QueueEntry,
    keeper: EntryKeeper,
    hooks: DeliveryHooks,
    open: number,
    deferred: readonly RefusedRecipient[],
  ) {
    this.#entry = entry;
    this.#keeper = keeper;
    this.#hooks = hooks;
    this.#open = open;
    this.#unheard = open;
    this.#deferred = [...deferred];
  }

  /** Notes an outcome; resolves when it is on disk. */
  async note(outcome: Outcome): Promise<void> {
    this.#unheard -= sizeOf(outcome);
    // A database server commits in any order: once the entry is gone, nothing more could be noted of it.
    if (this.#unheard === 0) await Promise.all(this.#writes);
    this.#waiting.push(outcome);
    this.#writing ??= this.#begin();
    await this.#writing;
  }

  #begin(): Promise<void> {
    const write = this.#write().finally(() => this.#writes.delete(write));
    this.#writes.add(write);
    return write;
  }

  async #write(): Promise<void> {
    let batch: Outcome[] | undefined;
    for (;;) {
      try {
        await this.#keeper.inStep(this.#entry, async (step) => {
          if (!batch) {
            // Whoever comes from now on waits for the next commit.
            batch = this.#waiting;
            this.#waiting = [];
            this.#writing = undefined;
            for (const settled of batch) {
              this.#open -= sizeOf(settled);
              this.#deferred.push(...settled.deferred);
            }
          }
          await this.#store(step, batch, this.#open === 0);
        });
        return;
      } catch (error) {
        // The mail server has taken the message: to forget that would mean to send it again.
        if (!isPassing(error)) throw error;
        await new Promise((resolve) => setTimeout(resolve, NOTE_AGAIN_MS));
      }
    }
  }

  async #store(step: Step, batch: readonly Outcome[], isLast: boolean): Promise<void> {
    const refused = batch.flatMap((outcome) => outcome.refused);
    if (refused.length > 0) await this.#hooks.registerRefusals(this.#entry, refused, step);
    if (isLast) return this.#close(step);
    const deferred = batch.flatMap((outcome) => outcome.deferred);
    await addProgress(step.connection, nextEntryId(), this.#entry.id, {
      settled: [...batch.flatMap(({ delivered }) => delivered), ...refused.map(({ recipient }) => recipient)],
      deferred: deferred.map(({ recipient, code, text }) => [recipient, code, text]),
    });
  }

  async #close(step: Step): Promise<void> {
    const [first] = this.#deferred;
    if (!first) return this.#keeper.finish(step, this.#entry);
    const attempts = this.#entry.attempts + 1;
    const names = this.#deferred.map(({ recipient }) => recipient);
    const period = step.config.mta.delivery_retry_period;
    const retry = planRetry(this.#entry.metadata, names, attempts, step.clock.now(), period);
    if (retry.giveUp) {
      step.log(
        'smtp',
        `Giving up on ${names.length} recipients after ${attempts} attempts: ${names.join(', ')}`,
      );
      await this.#hooks.registerRefusals(this.#entry, this.#deferred, step);
      return this.#keeper.finish(step, this.#entry);
    }
    await clearProgress(step.connection, this.#entry.id);
    await this.#keeper.putBack(step, this.#entry, {
      runAt: retry.runAt,
      metadata: retry.metadata,
      attempts,
      error: `${first.code} ${first.text}`,
    });
  }
}

/** How many recipients an outcome is about. */
function sizeOf({ delivered, deferred, refused }: Outcome): number {
  return delivered.length + deferred.length + refused.length;
}
