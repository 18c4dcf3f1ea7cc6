import { UnhashableError } from '../pickle/errors.ts';
import { type PickleValue, PyBytes, PyDict, PyFloat, PySet, PyTuple } from '../pickle/values.ts';
import { MarshalError } from './errors.ts';

/**
 * Reads what Python 2's `marshal` wrote (versions 0 to 2), as data: the databases of pipermail are such files. Code
 * objects are refused. Nesting, the number of values and the bytes that strings take together are bounded.
 */

const MAX_DEPTH = 40;
const MAX_VALUES = 20_000_000;

interface Reader {
  readonly bytes: Buffer;
  position: number;
  values: number;
  /** Strings that later ones refer to. */
  readonly interned: PyBytes[];
}

/**
 * Reads a file that holds one value.
 * @throws MarshalError with the offset
 */
export function readMarshal(bytes: Buffer): PickleValue {
  const reader: Reader = { bytes, position: 0, values: 0, interned: [] };
  const value = readValue(reader, 0);
  if (value === undefined) throw new MarshalError('nothing but an end mark', 0);
  if (reader.position < bytes.length) {
    throw new MarshalError(`${bytes.length - reader.position} more bytes follow the value`, reader.position);
  }
  return value;
}

/** @returns undefined for the mark that ends a dict */
function readValue(reader: Reader, depth: number): PickleValue | undefined {
  const at = reader.position;
  if (depth > MAX_DEPTH) throw new MarshalError(`values nested more than ${MAX_DEPTH} deep`, at);
  reader.values += 1;
  if (reader.values > MAX_VALUES) throw new MarshalError(`more than ${MAX_VALUES} values`, at);
  const type = String.fromCharCode(take(reader, 1)[0] ?? 0);
  switch (type) {
    case '0':
      return undefined;
    case 'N':
      return null;
    case 'F':
      return false;
    case 'T':
      return true;
    case 'i':
      return take(reader, 4).readInt32LE();
    case 'I':
      return take(reader, 8).readBigInt64LE();
    case 'l':
      return readLong(reader);
    case 'f':
      return new PyFloat(Number(take(reader, take(reader, 1)[0] ?? 0).toString('latin1')));
    case 'g':
      return new PyFloat(take(reader, 8).readDoubleLE());
    case 's':
      return readBytes(reader);
    case 't':
      return intern(reader, readBytes(reader));
    case 'R':
      return internedAt(reader, at);
    case 'u':
      return take(reader, length(reader)).toString('utf8');
    case '(':
      return new PyTuple(readItems(reader, depth));
    case '[':
      return readItems(reader, depth);
    case '<':
    case '>':
      return hashable(at, () => new PySet(readItems(reader, depth), type === '>'));
    case '{':
      return readDict(reader, depth);
    default:
      throw new MarshalError(`unknown type 0x${type.charCodeAt(0).toString(16).padStart(2, '0')}`, at);
  }
}

function readDict(reader: Reader, depth: number): PyDict {
  const dict = new PyDict();
  for (;;) {
    const at = reader.position;
    const key = readValue(reader, depth + 1);
    if (key === undefined) return dict;
    const value = required(reader, depth + 1);
    hashable(at, () => dict.set(key, value));
  }
}

function readItems(reader: Reader, depth: number): PickleValue[] {
  const count = length(reader);
  // Each takes a byte at least: a count that lies cannot make room for more than there is.
  const items: PickleValue[] = [];
  for (let at = 0; at < count; at += 1) items.push(required(reader, depth + 1));
  return items;
}

function required(reader: Reader, depth: number): PickleValue {
  const at = reader.position;
  const value = readValue(reader, depth);
  if (value === undefined) throw new MarshalError('an end mark where a value is due', at);
  return value;
}

/** Digits of 15 bits, the lowest first; the sign is that of their number. */
function readLong(reader: Reader): bigint {
  const count = take(reader, 4).readInt32LE();
  const digits = take(reader, Math.abs(count) * 2);
  if (digits.length > 2048) throw new MarshalError('a number of more than 1000 digits', reader.position);
  let value = 0n;
  for (let at = digits.length - 2; at >= 0; at -= 2) value = (value << 15n) | BigInt(digits.readUInt16LE(at));
  return count < 0 ? -value : value;
}

function readBytes(reader: Reader): PyBytes {
  return PyBytes.from(take(reader, length(reader)));
}

function intern(reader: Reader, bytes: PyBytes): PyBytes {
  reader.interned.push(bytes);
  return bytes;
}

function internedAt(reader: Reader, at: number): PyBytes {
  const index = take(reader, 4).readInt32LE();
  const bytes = reader.interned[index];
  if (!bytes) throw new MarshalError(`no string number ${index}`, at);
  return bytes;
}

function length(reader: Reader): number {
  const at = reader.position;
  const count = take(reader, 4).readInt32LE();
  if (count < 0) throw new MarshalError(`a length of ${count}`, at);
  return count;
}

function take(reader: Reader, count: number): Buffer {
  const end = reader.position + count;
  if (end > reader.bytes.length) throw new MarshalError('the file ends within a value', reader.bytes.length);
  const taken = reader.bytes.subarray(reader.position, end);
  reader.position = end;
  return taken;
}

function hashable<T>(at: number, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof UnhashableError) throw new MarshalError(error.message, at);
    throw error;
  }
}
