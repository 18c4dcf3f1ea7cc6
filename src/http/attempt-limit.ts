/** How often something may be tried. */
export interface AttemptRules {
  /** Attempts that a key has in one period. */
  readonly attempts: number;
  /** Length of a period in seconds; it begins with the first attempt. */
  readonly period: number;
  /** Keys that are remembered at most; beyond that the one that was used longest ago is forgotten. Default 10,000. */
  readonly capacity?: number;
}

interface Count {
  used: number;
  /** Seconds since 1970. */
  readonly until: number;
}

/**
 * Counts attempts by key (a client's address, an account) so that nobody guesses passwords by trying. Memory is bounded:
 * whoever comes from very many addresses makes it forget old keys, never grow.
 *
 * Ask `isOpen` before the expensive work, `note` each attempt that failed, and `forget` the key after one that succeeded.
 */
export class AttemptLimit {
  readonly #rules: Required<AttemptRules>;
  readonly #now: () => number;
  readonly #counts = new Map<string, Count>();

  /** @param now seconds since 1970, for tests */
  constructor(rules: AttemptRules, now: () => number = () => Date.now() / 1000) {
    this.#rules = { capacity: 10_000, ...rules };
    this.#now = now;
  }

  /** Whether the key has attempts left. */
  isOpen(key: string): boolean {
    return this.waitFor(key) === 0;
  }

  /** Seconds until the key may try again, for a Retry-After field (RFC 9110 10.2.3); 0 when it may now. */
  waitFor(key: string): number {
    const count = this.#current(key);
    return count && count.used >= this.#rules.attempts ? Math.ceil(count.until - this.#now()) : 0;
  }

  /** Counts one attempt. @returns whether it was still allowed */
  note(key: string): boolean {
    const count = this.#current(key) ?? { used: 0, until: this.#now() + this.#rules.period };
    const allowed = count.used < this.#rules.attempts;
    count.used += 1;
    this.#counts.delete(key);
    this.#counts.set(key, count);
    if (this.#counts.size > this.#rules.capacity) {
      const [oldest] = this.#counts.keys();
      if (oldest !== undefined) this.#counts.delete(oldest);
    }
    return allowed;
  }

  /** Lets the key begin anew. */
  forget(key: string): void {
    this.#counts.delete(key);
  }

  #current(key: string): Count | undefined {
    const count = this.#counts.get(key);
    if (!count || count.until > this.#now()) return count;
    this.#counts.delete(key);
    return undefined;
  }
}

/**
 * The key under which a client's attempts count: its IPv4 address, or the first 64 bits of an IPv6 address, which are
 * one customer's (RFC 6177).
 */
export function networkKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !address.includes(':')) return mapped ?? address;
  const [head = '', tail] = (address.split('%')[0] ?? '').toLowerCase().split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros =
    tail === undefined ? [] : Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0');
  const groups = [...front, ...zeros, ...back].map((group) => group.replace(/^0+(?=.)/, ''));
  return `${groups.slice(0, 4).join(':')}::/64`;
}
