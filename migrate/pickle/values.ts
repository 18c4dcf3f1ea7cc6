import { UnhashableError } from './errors.ts';
import { isAscii } from './text.ts';

/**
 * Whatever a pickle can hold, with every distinction that Python makes:
 *
 * | Python | here |
 * |---|---|
 * | `None`, `True`, `False` | `null`, `true`, `false` |
 * | `int` | `number`, always whole and safe; `bigint` beyond 2^53 |
 * | `long` of Python 2 | `bigint`, however small |
 * | `float` | `PyFloat` |
 * | `str` of Python 2, `bytes` of Python 3 | `PyBytes` |
 * | `unicode` of Python 2, `str` of Python 3 | `string` |
 * | `list` | array |
 * | `tuple` | `PyTuple` |
 * | `dict` | `PyDict` |
 * | `set`, `frozenset` | `PySet` |
 * | `bytearray` | `PyByteArray` |
 * | a class or function | `PyGlobal`: its name, nothing more |
 * | any other object | `PyInstance`: a record of how to make it |
 */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | PyFloat
  | PyBytes
  | PyByteArray
  | PickleValue[]
  | PyTuple
  | PyDict
  | PySet
  | PyGlobal
  | PyInstance;

/** A Python float: a class of its own, so that `5.0` stays apart from the far more common `5`. */
export class PyFloat {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** A Python 2 `str`: bytes whose charset only the reader of the value knows. One character of `latin1` per byte. */
export class PyBytes {
  readonly latin1: string;

  constructor(latin1: string) {
    this.latin1 = latin1;
  }

  /** The byte string of these bytes. */
  static from(bytes: Uint8Array): PyBytes {
    return new PyBytes(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'));
  }

  /** The byte string of a text in UTF-8. */
  static utf8(text: string): PyBytes {
    return PyBytes.from(Buffer.from(text, 'utf8'));
  }

  get length(): number {
    return this.latin1.length;
  }

  toBuffer(): Buffer {
    return Buffer.from(this.latin1, 'latin1');
  }
}

/** A Python `bytearray`. */
export class PyByteArray {
  readonly latin1: string;

  constructor(latin1: string) {
    this.latin1 = latin1;
  }
}

/** A Python tuple. */
export class PyTuple {
  readonly items: readonly PickleValue[];

  constructor(items: readonly PickleValue[]) {
    this.items = items;
  }

  get length(): number {
    return this.items.length;
  }

  [Symbol.iterator](): Iterator<PickleValue> {
    return this.items[Symbol.iterator]();
  }
}

/** A class or function by its Python name. Nothing is ever looked up or called. */
export class PyGlobal {
  readonly module: string;
  readonly qualname: string;

  constructor(module: string, qualname: string) {
    this.module = module;
    this.qualname = qualname;
  }

  /** The dotted name, such as `Mailman.Bouncer._BounceInfo`. */
  get fullName(): string {
    return `${this.module}.${this.qualname}`;
  }
}

/**
 * How Python would make an instance:
 *
 * - `old-style`: an instance of a classic class, which is what Mailman 2.1 pickles; `args` almost always empty.
 * - `new`: `cls.__new__(cls, *args, **kwargs)`.
 * - `call`: `cls(*args)`, where `cls` may also be a function (`__reduce__`).
 * - `reconstructor`: `copy_reg._reconstructor(cls, *args)`, an object of a new-style class in protocols 0 and 1.
 */
export type Making = 'old-style' | 'new' | 'call' | 'reconstructor';

/** An object as an inert record: its class by name, what it would be made from, and its state. */
export class PyInstance {
  readonly cls: PyGlobal;
  readonly making: Making;
  readonly args: readonly PickleValue[];
  readonly kwargs: PyDict | undefined;
  /** What `__setstate__` would get: nearly always the dict of the attributes. `undefined` where there is none. */
  state: PickleValue | undefined;
  /** What would be appended to it, for a subclass of list. */
  listItems: PickleValue[] | undefined;
  /** What would be stored in it, for a subclass of dict. */
  dictItems: PyDict | undefined;

  constructor(cls: PyGlobal, making: Making, args: readonly PickleValue[] = [], kwargs?: PyDict) {
    this.cls = cls;
    this.making = making;
    this.args = args;
    this.kwargs = kwargs;
    this.state = undefined;
    this.listItems = undefined;
    this.dictItems = undefined;
  }

  /** An instance of a classic Python 2 class with these attributes. */
  static oldStyle(module: string, qualname: string, attributes: PyDict): PyInstance {
    const instance = new PyInstance(new PyGlobal(module, qualname), 'old-style');
    instance.state = attributes;
    return instance;
  }

  /** The attribute of this name, `undefined` if the state does not have it. */
  get(name: string): PickleValue | undefined {
    return this.state instanceof PyDict ? this.state.get(name) : undefined;
  }
}

/**
 * A Python dict. Keeps the order of insertion, and finds keys as Python 2 does: `'a'` and `u'a'` are one key,
 * so are `1`, `1.0` and `True`; tuples are compared by content. Never a plain object, so no key is special.
 */
export class PyDict {
  readonly #positions = new Map<DictKey, number>();
  readonly #keys: PickleValue[] = [];
  readonly #values: PickleValue[] = [];

  constructor(entries: Iterable<readonly [PickleValue, PickleValue]> = []) {
    for (const [key, value] of entries) this.set(key, value);
  }

  get size(): number {
    return this.#keys.length;
  }

  /** The value at this key; `get('name')` finds the byte string and the unicode key alike. */
  get(key: PickleValue): PickleValue | undefined {
    const position = this.#positions.get(dictKey(key));
    return position === undefined ? undefined : this.#values[position];
  }

  has(key: PickleValue): boolean {
    return this.#positions.has(dictKey(key));
  }

  /** Stores a value. As in Python, an equal key that is already there stays as it was spelled. */
  set(key: PickleValue, value: PickleValue): this {
    return this.setAt(dictKey(key), key, value);
  }

  /** `set` for a caller that has worked out `dictKey(key)` already. */
  setAt(hash: DictKey, key: PickleValue, value: PickleValue): this {
    const position = this.#positions.get(hash);
    if (position === undefined) {
      this.#positions.set(hash, this.#keys.length);
      this.#keys.push(key);
      this.#values.push(value);
    } else {
      this.#values[position] = value;
    }
    return this;
  }

  /** The keys, in order. */
  get keys(): readonly PickleValue[] {
    return this.#keys;
  }

  /** The values, in the order of the keys. */
  get values(): readonly PickleValue[] {
    return this.#values;
  }

  *[Symbol.iterator](): Generator<[PickleValue, PickleValue]> {
    for (const [position, key] of this.#keys.entries()) yield [key, this.#values[position] ?? null];
  }
}

/** A Python set or frozenset, in order of insertion. */
export class PySet {
  readonly frozen: boolean;
  readonly #members = new Map<DictKey, PickleValue>();

  constructor(members: Iterable<PickleValue> = [], frozen = false) {
    this.frozen = frozen;
    for (const member of members) this.add(member);
  }

  get size(): number {
    return this.#members.size;
  }

  has(member: PickleValue): boolean {
    return this.#members.has(dictKey(member));
  }

  add(member: PickleValue): this {
    return this.addAt(dictKey(member), member);
  }

  /** `add` for a caller that has worked out `dictKey(member)` already. */
  addAt(hash: DictKey, member: PickleValue): this {
    if (!this.#members.has(hash)) this.#members.set(hash, member);
    return this;
  }

  [Symbol.iterator](): Iterator<PickleValue> {
    return this.#members.values();
  }
}

/** What a JavaScript Map can find a Python key by: equal keys, and only they, have the same. */
export type DictKey = string | number | null | object;

const LONGEST_COMPOSITE_KEY = 65_536;
const DEEPEST_KEY = 50;

/** Bytes stand for themselves and ASCII text for its bytes; everything else that becomes a string starts with NUL. */
export function dictKey(key: PickleValue): DictKey {
  if (key instanceof PyBytes) return key.latin1.startsWith('\0') ? `\0b${key.latin1}` : key.latin1;
  if (typeof key === 'string') return isAscii(key) && !key.startsWith('\0') ? key : textKey(key);
  if (typeof key === 'number') return numberKey(key);
  if (typeof key === 'boolean') return key ? 1 : 0;
  if (typeof key === 'bigint') return bigintKey(key);
  if (key instanceof PyFloat) return floatKey(key);
  if (key instanceof PyGlobal) return `\0g${key.module}\n${key.qualname}`;
  if (key instanceof PyTuple || key instanceof PySet) return compositeKey(key, 0);
  if (key === null || key instanceof PyInstance) return key;
  throw new UnhashableError(`a ${Array.isArray(key) ? 'list' : key.constructor.name} cannot be a key`);
}

function textKey(text: string): DictKey {
  return isAscii(text) ? `\0b${text}` : `\0u${text}`;
}

/** V8 hashes small integers and strings with care, but large numbers in a way that an attacker can foresee. */
function numberKey(value: number): DictKey {
  return value === (value | 0) ? value | 0 : `\0n${BigInt(value).toString(16)}`;
}

function bigintKey(value: bigint): DictKey {
  const small = Number(value);
  return Number.isSafeInteger(small) ? numberKey(small) : `\0n${value.toString(16)}`;
}

function floatKey(key: PyFloat): DictKey {
  if (Number.isNaN(key.value)) return key;
  return Number.isInteger(key.value) ? numberKey(key.value) : `\0f${key.value}`;
}

function compositeKey(key: PyTuple | PySet, depth: number): string {
  if (key instanceof PySet && !key.frozen) throw new UnhashableError('a set cannot be a key');
  if (depth > DEEPEST_KEY) throw new UnhashableError(`a key nested more than ${DEEPEST_KEY} deep`);
  const parts: string[] = [];
  let length = 0;
  for (const member of key) {
    const part = memberKey(member, depth);
    parts.push(`${part.length}:${part}`);
    length += part.length + 8;
    if (length > LONGEST_COMPOSITE_KEY) throw new UnhashableError('a tuple too large for a key');
  }
  return key instanceof PyTuple ? `\0t${parts.join('')}` : `\0s${parts.sort().join('')}`;
}

function memberKey(member: PickleValue, depth: number): string {
  if (member instanceof PyTuple || member instanceof PySet) return compositeKey(member, depth + 1);
  const hash = dictKey(member);
  if (typeof hash === 'string') return hash;
  if (typeof hash === 'number') return `\0i${hash}`;
  return hash === null ? '\0N' : `\0o${identity(hash)}`;
}

const identities = new WeakMap<object, number>();
let lastIdentity = 0;

function identity(object: object): number {
  const known = identities.get(object);
  if (known !== undefined) return known;
  identities.set(object, ++lastIdentity);
  return lastIdentity;
}

/** The number in an int, a long of safe size, a float or a bool; `undefined` for anything else. */
export function numberOf(value: PickleValue | undefined): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof PyFloat) return value.value;
  if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) return Number(value);
  return undefined;
}

/** Whether this is an instance of the class with this dotted name, such as `Mailman.UserDesc.UserDesc`. */
export function isInstanceOf(value: PickleValue | undefined, fullName: string): value is PyInstance {
  return value instanceof PyInstance && value.cls.fullName === fullName;
}
