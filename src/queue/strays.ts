import { deleteHeldEntries, entriesOfWorker, type HeldRow, releaseEntry } from '../database/queue-entries.ts';
import { dropUnusedMessages } from '../database/queue-messages.ts';
import type { Services } from './step.ts';

/** How often to look for strays, and for how long after the last doubt, in milliseconds. */
const LOOK_MS = 1000;
const DOUBT_MS = 60_000;

export interface StrayOptions {
  readonly workerId: string;
  /** Whether this process knows of an entry, or is about to. */
  readonly isKnown: (entryId: string) => boolean;
  /** Is called when entries may be taken again. */
  readonly onReleased: () => void;
}

/**
 * Entries that a database server has stored for this process without telling it: the connection broke off before the
 * answer to COMMIT came. Nobody else takes them as long as this process lives, so it looks for them itself.
 */
export class Strays {
  readonly #services: Services;
  readonly #options: StrayOptions;
  /** Entries of which somebody was told that they are not stored. */
  readonly #refused = new Set<string>();
  /** Found at the last look; what is still unknown at the next is a stray. */
  #suspects: ReadonlySet<string> = new Set();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #until = 0;

  constructor(services: Services, options: StrayOptions) {
    this.#services = services;
    this.#options = options;
  }

  /**
   * To be called when a transaction has failed of which nobody knows whether it was committed.
   * @param refused entries whose sender hears that they are not stored: they must not be
   */
  doubt(refused: readonly string[]): void {
    // SQLite says for certain what it has committed.
    if (this.#services.database.dialect === 'sqlite') return;
    for (const entryId of refused) this.#refused.add(entryId);
    this.#until = performance.now() + DOUBT_MS;
    this.#timer ??= setInterval(() => {
      this.#looking ??= this.#look().finally(() => {
        this.#looking = undefined;
      });
    }, LOOK_MS).unref();
  }

  /** Whether somebody was told that an entry is not stored. Whoever takes it must leave it to this; it is removed then. */
  isRefused(entryId: string): boolean {
    return this.#refused.has(entryId);
  }

  /** To be called when nothing is under way any more; what is held is about to be given back. */
  async end(): Promise<void> {
    if (!this.#timer) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#looking;
    this.#suspects = this.#refused;
    await this.#look();
  }

  async #look(): Promise<void> {
    try {
      const { workerId, isKnown } = this.#options;
      const entries = await entriesOfWorker(this.#services.database.connection, workerId);
      const unknown = entries.filter(({ entry_id }) => !isKnown(entry_id));
      await this.#settle(unknown.filter(({ entry_id }) => this.#suspects.has(entry_id)));
      this.#suspects = new Set(unknown.map(({ entry_id }) => entry_id));
      if (unknown.length === 0 && performance.now() > this.#until) this.#forget();
    } catch {
      // The time begins when the database is there again.
      this.#until = performance.now() + DOUBT_MS;
    }
  }

  async #settle(strays: readonly HeldRow[]): Promise<void> {
    if (strays.length === 0) return;
    const { database, log } = this.#services;
    const { workerId, onReleased } = this.#options;
    await database.transaction(async (connection) => {
      for (const { entry_id, message_id } of strays) {
        if (this.#refused.has(entry_id)) {
          await deleteHeldEntries(connection, [entry_id], workerId);
          await dropUnusedMessages(connection, [message_id]);
        } else await releaseEntry(connection, entry_id, workerId);
      }
    });
    log('error', `${strays.length} queue entries were stored although the database did not say so`);
    onReleased();
  }

  #forget(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#refused.clear();
  }
}
