import { PickleWriteError } from './errors.ts';
import type { Output } from './output.ts';
import { encodeFloat, encodeRawUnicodeEscape, encodeRepr, encodeUtf8WithSurrogates } from './text.ts';
import { type PickleValue, PyBytes, PyFloat, PyGlobal } from './values.ts';

/** The protocols that Python 2 reads. */
export type WritableProtocol = 0 | 1 | 2;

/** Writes a value that holds no other; says false, and writes nothing, if it is not of that kind. */
export function writeAtom(output: Output, value: PickleValue, protocol: WritableProtocol): boolean {
  if (value instanceof PyBytes) byteString(output, value, protocol);
  else if (typeof value === 'string') text(output, value, protocol);
  else if (typeof value === 'number') int(output, value, protocol);
  else if (value === null) output.latin1('N');
  else if (typeof value === 'boolean') boolean(output, value, protocol);
  else if (value instanceof PyFloat) float(output, value, protocol);
  else if (typeof value === 'bigint') long(output, value, protocol);
  else if (value instanceof PyGlobal) global(output, value);
  else return false;
  return true;
}

function boolean(output: Output, value: boolean, protocol: WritableProtocol): void {
  if (protocol === 2) output.latin1(value ? '\x88' : '\x89');
  else output.latin1(value ? 'I01\n' : 'I00\n');
}

function int(output: Output, value: number, protocol: WritableProtocol): void {
  if (!Number.isSafeInteger(value)) {
    throw new PickleWriteError(
      `${value} is no safe whole number: a float is a PyFloat, a large int a bigint`,
    );
  }
  if (protocol === 0 || value !== (value | 0)) {
    output.latin1(`I${value}\n`);
  } else if (value >= 0 && value < 256) {
    output.latin1('K');
    output.uint8(value);
  } else if (value >= 0 && value < 65_536) {
    output.latin1('M');
    output.uint16(value);
  } else {
    output.latin1('J');
    output.int32(value);
  }
}

function long(output: Output, value: bigint, protocol: WritableProtocol): void {
  if (protocol < 2) {
    output.latin1(`L${value}L\n`);
    return;
  }
  let length = 0;
  if (value !== 0n) length = ((value < 0n ? ~value : value).toString(2).length >> 3) + 1;
  const hex = BigInt.asUintN(8 * length, value)
    .toString(16)
    .padStart(2 * length, '0');
  const bytes = length === 0 ? Buffer.alloc(0) : Buffer.from(hex, 'hex').reverse();
  if (length < 256) {
    output.latin1('\x8a');
    output.uint8(length);
  } else {
    output.latin1('\x8b');
    output.uint32(length);
  }
  output.bytes(bytes);
}

function float(output: Output, { value }: PyFloat, protocol: WritableProtocol): void {
  if (protocol === 0) {
    output.latin1(`F${encodeFloat(value)}\n`);
  } else {
    output.latin1('G');
    output.float64(value);
  }
}

function byteString(output: Output, { latin1 }: PyBytes, protocol: WritableProtocol): void {
  if (protocol === 0) {
    output.latin1(`S${encodeRepr(latin1)}\n`);
    return;
  }
  if (latin1.length < 256) {
    output.latin1('U');
    output.uint8(latin1.length);
  } else {
    output.latin1('T');
    output.uint32(latin1.length);
  }
  output.latin1(latin1);
}

function text(output: Output, value: string, protocol: WritableProtocol): void {
  if (protocol === 0) {
    output.latin1(`V${encodeRawUnicodeEscape(value)}\n`);
    return;
  }
  const bytes = encodeUtf8WithSurrogates(value);
  output.latin1('X');
  output.uint32(bytes.length);
  output.bytes(bytes);
}

function global(output: Output, cls: PyGlobal): void {
  output.latin1('c');
  writeName(output, cls);
}

/** Writes a class name as GLOBAL and INST have it: two lines. */
export function writeName(output: Output, { module, qualname }: PyGlobal): void {
  if (!/^[!-~]+$/.test(module) || !/^[!-~]+$/.test(qualname)) {
    throw new PickleWriteError(
      `Python 2 has no class of this name: ${JSON.stringify(`${module}.${qualname}`)}`,
    );
  }
  output.latin1(`${module}\n${qualname}\n`);
}
