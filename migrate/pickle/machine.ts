import { type PickleError, UnhashableError } from './errors.ts';
import { Input } from './input.ts';
import type { PickleLimits } from './limits.ts';
import { type DictKey, dictKey, type PickleValue, PyBytes, type PyDict, type PySet } from './values.ts';

/** Estimates of what one of each takes in memory, its share of the stack, the memo and the shape check included. */
export const COST = {
  leaf: 64,
  slot: 16,
  container: 200,
  dict: 450,
  entry: 88,
  memo: 40,
} as const;

/** Characters of keys to be compared that are free, because the file itself has to have them. */
const FREE_KEY_LENGTH = 256;

/** cPickle counts memo numbers from 1 and leaves some out: that many holes are cheaper than a Map. */
const MEMO_HOLES = 1024;

/** Byte strings that are worth sharing, and how many of them are remembered. */
const LONGEST_SHARED = 64;
const MOST_SHARED = 250_000;

/**
 * The machine that a pickle is a program for: a stack with marks, a memo, and an account of what the program has
 * used. The opcodes work on it; nothing in it depends on them.
 */
export class Machine {
  readonly input: Input;
  readonly limits: PickleLimits;
  #stack: PickleValue[];
  /** Where the values above the last mark begin, and the same for each mark before it. */
  #floor: number;
  #marks: number[];
  #memo: (PickleValue | undefined)[];
  #sparseMemo: Map<number, PickleValue>;
  #memoised: number;
  #memory: number;
  /** Short byte strings by content: a list of members holds each address several times. */
  readonly #strings = new Map<string, PyBytes>();

  constructor(bytes: Uint8Array, limits: PickleLimits) {
    this.input = new Input(bytes);
    this.limits = limits;
    this.#stack = [];
    this.#floor = 0;
    this.#marks = [];
    this.#memo = [];
    this.#sparseMemo = new Map();
    this.#memoised = 0;
    this.#memory = 0;
    this.spend(bytes.length);
  }

  /** Forgets everything but the account, for the next pickle of the same file. */
  reset(): void {
    this.#stack = [];
    this.#floor = 0;
    this.#marks = [];
    this.#memo = [];
    this.#sparseMemo = new Map();
    this.#memoised = 0;
  }

  /** The byte string of this content; one object for equal short ones. */
  shared(latin1: string): PyBytes {
    if (latin1.length > LONGEST_SHARED) return new PyBytes(latin1);
    const known = this.#strings.get(latin1);
    if (known) return known;
    const fresh = new PyBytes(latin1);
    if (this.#strings.size < MOST_SHARED) this.#strings.set(latin1, fresh);
    return fresh;
  }

  fault(problem: string): PickleError {
    return this.input.fault(problem);
  }

  /** Books memory, and gives up when the limit is reached. To be called before the memory is taken. */
  spend(bytes: number): void {
    this.#memory += bytes;
    if (this.#memory > this.limits.memory) {
      const limit = Math.round(this.limits.memory / 1024 / 1024);
      throw this.fault(`reading on would take more than the ${limit} MB of memory that a pickle may need`);
    }
  }

  push(value: PickleValue): void {
    if (this.#stack.length >= this.limits.stack) {
      throw this.fault(`more than ${this.limits.stack} values wait to be put together`);
    }
    this.#stack.push(value);
  }

  pop(): PickleValue {
    const value = this.top();
    this.#stack.pop();
    return value;
  }

  /** The value on top, which must lie above the last mark. */
  top(): PickleValue {
    const value = this.available > 0 ? this.#stack[this.#stack.length - 1] : undefined;
    if (value === undefined) throw this.fault('there is no value to take');
    return value;
  }

  /** How many values lie above the last mark. */
  get available(): number {
    return this.#stack.length - this.#floor;
  }

  /** Takes the last values, in the order in which they were pushed. */
  popMany(count: number): PickleValue[] {
    if (this.available < count) throw this.fault(`takes ${count} values, but there are ${this.available}`);
    return this.#stack.splice(this.#stack.length - count);
  }

  mark(): void {
    if (this.#marks.length >= this.limits.depth) throw this.fault(this.tooDeep());
    this.#marks.push(this.#floor);
    this.#floor = this.#stack.length;
  }

  tooDeep(): string {
    return `values are nested more than ${this.limits.depth} deep`;
  }

  /** Takes everything above the last mark, and the mark. */
  popToMark(): PickleValue[] {
    const below = this.#marks.pop();
    if (below === undefined) throw this.fault('there is no MARK before it');
    const items = this.#stack.splice(this.#floor);
    this.#floor = below;
    return items;
  }

  memoise(index: number, value: PickleValue): void {
    this.#memoised++;
    this.spend(COST.memo);
    if (index > 2 * this.#memoised + MEMO_HOLES) {
      this.#sparseMemo.set(index, value);
      return;
    }
    while (this.#memo.length < index) this.#memo.push(undefined);
    this.#memo[index] = value;
  }

  /** How often something was stored in the memo: the index that MEMOIZE of protocol 4 uses next. */
  get memoised(): number {
    return this.#memoised;
  }

  recall(index: number): PickleValue {
    const stored = this.#memo[index];
    const value = stored === undefined ? this.#sparseMemo.get(index) : stored;
    if (value !== undefined) return value;
    throw this.fault(`nothing was stored under memo number ${index}`);
  }

  /** Stores into a dict, at a price for keys that are long to compare. */
  store(dict: PyDict, key: PickleValue, value: PickleValue): void {
    this.spend(COST.entry);
    dict.setAt(this.#hash(key), key, value);
  }

  /** Adds to a set, at a price as above. */
  include(set: PySet, member: PickleValue): void {
    this.spend(COST.entry);
    set.addAt(this.#hash(member), member);
  }

  #hash(key: PickleValue): DictKey {
    const length = key instanceof PyBytes ? key.latin1.length : typeof key === 'string' ? key.length : 0;
    if (length > FREE_KEY_LENGTH) this.spend(length);
    try {
      const hash = dictKey(key);
      if (length === 0 && typeof hash === 'string') this.spend(hash.length);
      return hash;
    } catch (error) {
      if (error instanceof UnhashableError) throw this.fault(error.message);
      throw error;
    }
  }
}
