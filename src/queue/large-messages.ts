import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** From this size on it pays to give memory back at once, in octets. */
const LARGE_OCTETS = 4 * 1024 * 1024;

let collect: (() => void) | undefined;

/**
 * Gives back the memory of large messages that nobody has in hand any more. V8 looks at its own heap when it decides
 * whether to tidy up, and hardly at the buffers outside of it: without this, several copies of a message of 25 MB would
 * stay for seconds. It takes some 20 ms, and happens only where a large message was worked on.
 * @param octets of the message
 */
export function tidyAfter(octets: number): void {
  if (octets >= LARGE_OCTETS) tidyUp();
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
