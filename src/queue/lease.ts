import type { Connection } from '../database/handle.ts';
import { bringForward } from '../database/queue-entries.ts';
import { insertWorker, reclaimFromDead, removeWorker, renewWorker } from '../database/queue-workers.ts';
import type { UtcTime } from '../model/time.ts';
import { newId } from '../model/uuid.ts';
import { later } from './later.ts';
import { queueNames } from './queues.ts';
import type { Services } from './step.ts';

/** After this long without a word a process counts as dead, in seconds. */
const LEASE_SECONDS = 60;

/** No entry is put off for longer, in seconds: one that waits beyond that was stored while the clock was ahead. */
const LONGEST_WAIT = 1800;

/** How often a process says that it lives, and looks for others that do not, in milliseconds. */
const RENEW_MS = 15_000;

/** What a process holds is its own while it says that it lives; when it dies, others take over. */
export class WorkerLease {
  readonly workerId = newId();
  readonly #services: Services;
  readonly #instance: string;
  #timer: NodeJS.Timeout | undefined;
  #aliveUntil: UtcTime | undefined;

  /** @param instance names the installation on this host: whoever had it before is dead */
  constructor(services: Services, instance: string) {
    this.#services = services;
    this.#instance = instance;
  }

  /** @param onReclaimed is called when another process's entries have come back */
  async begin(onReclaimed: () => void): Promise<void> {
    const { database, clock } = this.#services;
    await database.transaction(async (connection) => {
      await reclaimFromDead(connection, clock.now(), this.#instance);
      await bringBack(connection, clock.now());
      await this.#insert(connection);
    });
    this.#timer = setInterval(() => {
      this.#renew(onReclaimed).catch((error: Error) => {
        this.#services.log('error', `The lease on queue entries is not renewed: ${error.message}`);
      });
    }, RENEW_MS).unref();
  }

  /** Gives back all that is still held. */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    await this.#services.database.transaction((connection) => removeWorker(connection, this.workerId));
  }

  async #renew(onReclaimed: () => void): Promise<void> {
    const { database, clock } = this.#services;
    const reclaimed = await database.transaction(async (connection) => {
      const now = clock.now();
      const wasAway = this.#aliveUntil !== undefined && this.#aliveUntil < now;
      const aliveUntil = later(now, LEASE_SECONDS);
      if (await renewWorker(connection, this.workerId, aliveUntil)) this.#aliveUntil = aliveUntil;
      else await this.#insert(connection);
      // Where the database was away, the others could not say that they live either: they have until the next time.
      const brought = await bringBack(connection, now);
      return wasAway ? brought : brought + (await reclaimFromDead(connection, now));
    });
    if (reclaimed > 0) onReclaimed();
  }

  async #insert(connection: Connection): Promise<void> {
    const aliveUntil = later(this.#services.clock.now(), LEASE_SECONDS);
    await insertWorker(connection, { workerId: this.workerId, instance: this.#instance, aliveUntil });
    this.#aliveUntil = aliveUntil;
  }
}

/** Where the clock was set back, what was stored before it does not wait until the clock is there again. */
function bringBack(connection: Connection, now: UtcTime): Promise<number> {
  return bringForward(connection, queueNames, { latest: later(now, LONGEST_WAIT), now });
}
