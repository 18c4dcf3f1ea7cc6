import { createHash } from 'node:crypto';

/**
 * The article pages of a tree: volume, number, Message-ID. A site may have a million of them: they are kept in a few
 * arrays of numbers, Message-IDs as 64 bits of a hash.
 */
export class PageTable {
  readonly #volumes: string[] = [];
  readonly #volumeOf: number[] = [];
  readonly #numbers: number[] = [];
  readonly #ids: bigint[] = [];
  readonly #madeUp = new Map<number, string>();
  #byNumber: Uint32Array = new Uint32Array();
  #byId: Uint32Array = new Uint32Array();
  #used: Uint8Array = new Uint8Array();

  get size(): number {
    return this.#numbers.length;
  }

  /** The highest number; -1 where there is no page. */
  get highest(): number {
    const last = this.#byNumber.at(-1);
    return last === undefined ? -1 : (this.#numbers[last] ?? -1);
  }

  /** Begins a volume, to which the pages that follow belong. */
  addVolume(name: string): void {
    this.#volumes.push(name);
  }

  /** @param messageId bare, undefined where the page tells none */
  add(number: number, messageId: string | undefined): void {
    if (messageId !== undefined && MADE_UP.test(messageId)) this.#madeUp.set(this.size, messageId);
    this.#volumeOf.push(this.#volumes.length - 1);
    this.#numbers.push(number);
    this.#ids.push(hashOf(messageId));
  }

  /** To be called after the last page, before any is looked for. */
  finish(): void {
    const order = Uint32Array.from(this.#numbers.keys());
    this.#byNumber = order.slice().sort((a, b) => this.#number(a) - this.#number(b) || a - b);
    this.#byId = order.sort((a, b) => compare(this.#id(a), this.#id(b)) || this.#number(a) - this.#number(b));
    this.#used = new Uint8Array(this.#numbers.length);
  }

  /** Pages of this number, in all volumes. */
  withNumber(number: number): number[] {
    return this.#range(this.#byNumber, (page) => this.#number(page) - number);
  }

  /** Pages of this Message-ID, by number. */
  withMessageId(messageId: string): number[] {
    const hash = hashOf(messageId);
    return this.#range(this.#byId, (page) => compare(this.#id(page), hash));
  }

  number(page: number): number {
    return this.#number(page);
  }

  volume(page: number): string {
    return this.#volumes[this.#volumeOf[page] ?? -1] ?? '';
  }

  hasMessageId(page: number, messageId: string): boolean {
    return this.#id(page) === hashOf(messageId);
  }

  /** The Message-ID that Mailman made up for a message without one. */
  madeUpId(page: number): string | undefined {
    return this.#madeUp.get(page);
  }

  /** Whether the page tells a Message-ID at all. */
  hasNoMessageId(page: number): boolean {
    return this.#id(page) === NO_ID;
  }

  isUsed(page: number): boolean {
    return this.#used[page] === 1;
  }

  use(page: number): void {
    this.#used[page] = 1;
  }

  /** Pages that nothing was found for. */
  *unused(): Generator<number> {
    for (const page of this.#byNumber) if (!this.isUsed(page)) yield page;
  }

  #number(page: number): number {
    return this.#numbers[page] ?? -1;
  }

  #id(page: number): bigint {
    return this.#ids[page] ?? NO_ID;
  }

  #range(order: Uint32Array, compareTo: (page: number) => number): number[] {
    let low = 0;
    let high = order.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareTo(order[middle] ?? 0) < 0) low = middle + 1;
      else high = middle;
    }
    const found: number[] = [];
    for (let at = low; at < order.length; at += 1) {
      const page = order[at] ?? 0;
      if (compareTo(page) !== 0) break;
      found.push(page);
    }
    return found;
  }
}

const NO_ID = 0n;

/** `mailman.COUNT.TIME.PROCESS.LIST@HOST` */
const MADE_UP = /^mailman\.\d+\.\d+\.\d+\.[^@\s]{1,200}@/;

function hashOf(messageId: string | undefined): bigint {
  if (messageId === undefined) return NO_ID;
  return createHash('sha1').update(messageId, 'latin1').digest().readBigUInt64LE() || 1n;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : Number(a > b);
}
