import type { ServerResponse } from 'node:http';
import { finished } from 'node:stream';
import { BusyError } from './errors.ts';

/** Octets of large answers that readers are sent at once; what they do not take yet stays in memory. */
const MAX_OCTETS = 256_000_000;
/** Smaller answers do not count. */
const MIN_LARGE = 200_000;
/** What an answer that is made while it is sent holds at most, besides what stands behind it. */
const STREAM_OCTETS = 16_000_000;
/** One network may have so much of it, so that others get theirs. */
const SHARE = 1 / 2;

/** Counts what large answers occupy until their readers have taken them, or have gone. */
export class Outgoing {
  readonly #limit: number;
  readonly #byNetwork = new Map<string, number>();
  #octets = 0;

  constructor(limit: number = MAX_OCTETS) {
    this.#limit = limit;
  }

  /**
   * Counts an answer until its connection ends or it is sent.
   * @param octets undefined where it is made while it is sent
   * @throws BusyError where there is no room for it; the only one always has room
   */
  add(response: ServerResponse, network: string, octets: number | undefined): void {
    const weight = octets ?? STREAM_OCTETS;
    if (weight < MIN_LARGE) return;
    const own = this.#byNetwork.get(network) ?? 0;
    const hasRoom = this.#octets + weight <= this.#limit && own + weight <= this.#limit * SHARE;
    if (this.#octets > 0 && !hasRoom) throw new BusyError();
    this.#octets += weight;
    this.#byNetwork.set(network, own + weight);
    finished(response, () => this.#remove(network, weight));
  }

  #remove(network: string, weight: number): void {
    this.#octets -= weight;
    const rest = (this.#byNetwork.get(network) ?? 0) - weight;
    if (rest > 0) this.#byNetwork.set(network, rest);
    else this.#byNetwork.delete(network);
  }
}
