import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** From this size on it pays to give memory back at once, in octets. */
const LARGE_OCTETS = 4 * 1024 * 1024;

/** Whether a message is so large that care is taken not to have it in memory more often than necessary. */
export function isLarge(octets: number): boolean {
  return octets >= LARGE_OCTETS;
}

let lastTurn: Promise<void> = Promise.resolve();

/**
 * Waits until nobody else makes copies of a large message; small ones need not wait. Between the beginning and the end of
 * a turn nothing may be waited for that depends on others than the database.
 * @returns what ends the turn; call it once
 */
export async function turnFor(octets: number): Promise<() => void> {
  if (!isLarge(octets)) return () => {};
  const before = lastTurn;
  const { promise, resolve } = Promise.withResolvers<void>();
  lastTurn = promise;
  await before;
  return resolve;
}

let collect: (() => void) | undefined;

/**
 * Gives back the memory of large messages that nobody has in hand any more. V8 looks at its own heap when it decides
 * whether to tidy up, and hardly at the buffers outside of it: without this, several copies of a message of 25 MB would
 * stay for seconds. It takes some 20 ms, and happens only where a large message was worked on.
 * @param octets of the message
 */
export function tidyAfter(octets: number): void {
  if (isLarge(octets)) tidyUp();
}

/** Gives back at once what is not used any more; takes some 20 ms, more where much is in use. */
export function tidyUp(): void {
  collect ??= collector();
  collect();
}

function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
