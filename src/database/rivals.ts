import { setTimeout as sleep } from 'node:timers/promises';
import { isRivalry } from './failures.ts';

/** How often a transaction is begun before whatever is in its way is taken for lasting. */
const ATTEMPTS = 8;

/** About how long to wait between two attempts, in milliseconds; it grows with each. */
const PAUSE_MS = 20;

/**
 * Runs a transaction again where another process was changing the same rows at the same moment: it made an entry first
 * that this one was about to make, or each waited for the other. Begun anew, the transaction sees what the other did.
 * @param attempt the whole transaction; it leaves nothing behind when it fails
 */
export async function despiteRivals<T>(attempt: () => Promise<T>): Promise<T> {
  for (let count = 1; ; count += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (count === ATTEMPTS || !isRivalry(error)) throw error;
      await sleep(PAUSE_MS * count * (0.5 + Math.random()));
    }
  }
}
