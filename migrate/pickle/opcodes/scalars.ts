import { COST, type Machine } from '../machine.ts';
import { decodeFloat, decodeRawUnicodeEscape, decodeRepr } from '../text.ts';
import { PyByteArray, PyBytes, PyFloat } from '../values.ts';
import type { OpcodeTable } from './table.ts';

/** Opcodes that push one number or string. */
export const SCALARS: OpcodeTable = {
  N: ['NONE', (machine) => machine.push(null)],
  '\x88': ['NEWTRUE', (machine) => machine.push(true)],
  '\x89': ['NEWFALSE', (machine) => machine.push(false)],

  I: ['INT', int],
  J: ['BININT', (machine) => machine.push(machine.input.int32())],
  K: ['BININT1', (machine) => machine.push(machine.input.uint8())],
  M: ['BININT2', (machine) => machine.push(machine.input.uint16())],
  L: ['LONG', (machine) => long(machine, machine.input.line().replace(/L$/, ''))],
  '\x8a': ['LONG1', (machine) => binaryLong(machine, machine.input.uint8())],
  '\x8b': ['LONG4', (machine) => binaryLong(machine, machine.input.signedLength())],

  F: ['FLOAT', float],
  G: ['BINFLOAT', (machine) => pushFloat(machine, machine.input.float64())],

  S: ['STRING', repr],
  U: ['SHORT_BINSTRING', (machine) => bytes(machine, machine.input.uint8())],
  T: ['BINSTRING', (machine) => bytes(machine, machine.input.signedLength())],
  C: ['SHORT_BINBYTES', (machine) => bytes(machine, machine.input.uint8())],
  B: ['BINBYTES', (machine) => bytes(machine, machine.input.uint32())],
  '\x8e': ['BINBYTES8', (machine) => bytes(machine, machine.input.length64())],
  '\x96': ['BYTEARRAY8', byteArray],

  V: ['UNICODE', escapedText],
  X: ['BINUNICODE', (machine) => text(machine, machine.input.uint32())],
  '\x8c': ['SHORT_BINUNICODE', (machine) => text(machine, machine.input.uint8())],
  '\x8d': ['BINUNICODE8', (machine) => text(machine, machine.input.length64())],
};

/** `01` and `00` are how protocols 0 and 1 write booleans. */
function int(machine: Machine): void {
  const line = machine.input.line();
  if (line === '01' || line === '00') {
    machine.push(line === '01');
    return;
  }
  machine.push(/^-?\d{1,15}$/.test(line) ? Number(line) : whole(decimal(machine, line)));
}

function whole(value: bigint): number | bigint {
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

function long(machine: Machine, line: string): void {
  machine.push(decimal(machine, line));
}

/** Text to number takes more than linear time, so it costs more than the memory it needs. */
const COST_PER_DIGIT = 8;

function decimal(machine: Machine, line: string): bigint {
  const { digits } = machine.limits;
  if (line.length > digits + 1) throw machine.fault(`a number of more than ${digits} digits`);
  if (!/^[-+]?\d+\s*$/.test(line)) throw machine.fault('this is not a whole number');
  machine.spend(COST.leaf + COST_PER_DIGIT * line.length);
  return BigInt(line.trim());
}

const DECIMAL_DIGITS_PER_BYTE = Math.log10(256);

/** Little-endian two's complement. */
function binaryLong(machine: Machine, length: number): void {
  const { digits } = machine.limits;
  if (length * DECIMAL_DIGITS_PER_BYTE > digits + 3)
    throw machine.fault(`a number of more than ${digits} digits`);
  machine.spend(COST.leaf + length);
  const { bytes: all } = machine.input;
  const start = machine.input.take(length);
  if (length === 0) {
    machine.push(0n);
    return;
  }
  const hex = Buffer.from(all.subarray(start, start + length))
    .reverse()
    .toString('hex');
  machine.push(BigInt.asIntN(length * 8, BigInt(`0x${hex}`)));
}

function float(machine: Machine): void {
  const value = decodeFloat(machine.input.line());
  if (value === undefined) throw machine.fault('this is not a number');
  pushFloat(machine, value);
}

function pushFloat(machine: Machine, value: number): void {
  machine.spend(COST.leaf);
  machine.push(new PyFloat(value));
}

function repr(machine: Machine): void {
  const line = machine.input.line();
  machine.spend(COST.leaf + line.length);
  const latin1 = decodeRepr(line);
  if (latin1 === undefined) throw machine.fault('this is not a quoted Python string');
  machine.push(new PyBytes(latin1));
}

function bytes(machine: Machine, length: number): void {
  machine.spend(COST.leaf);
  const latin1 = machine.input.latin1(length);
  machine.spend(length);
  machine.push(machine.shared(latin1));
}

function byteArray(machine: Machine): void {
  const latin1 = machine.input.latin1(machine.input.length64());
  machine.spend(COST.leaf + latin1.length);
  machine.push(new PyByteArray(latin1));
}

function escapedText(machine: Machine): void {
  const line = machine.input.line();
  machine.spend(COST.leaf + 2 * line.length);
  const decoded = decodeRawUnicodeEscape(line);
  if (decoded === undefined) throw machine.fault('a \\u escape is cut short or out of range');
  machine.push(decoded);
}

function text(machine: Machine, length: number): void {
  machine.spend(COST.leaf);
  const decoded = machine.input.utf8(length);
  machine.spend(length);
  machine.push(decoded);
}
