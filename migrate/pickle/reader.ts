import { PickleError } from './errors.ts';
import { DEFAULT_LIMITS, type PickleLimits } from './limits.ts';
import { Machine } from './machine.ts';
import { CONTAINERS } from './opcodes/containers.ts';
import { CONTROL } from './opcodes/control.ts';
import { OBJECTS } from './opcodes/objects.ts';
import { SCALARS } from './opcodes/scalars.ts';
import type { Opcode } from './opcodes/table.ts';
import { shapeOf } from './shape.ts';
import type { PickleValue } from './values.ts';

/**
 * Reads Python pickles of protocols 0 to 5 as data. Nothing in the file is ever looked up, imported or called; all
 * work and memory is bounded by `PickleLimits`, and whatever cannot be read is a `PickleError` with its offset.
 */

const STOP = 0x2e;

const OPCODES: (Opcode | undefined)[] = Array.from({ length: 256 });
for (const [char, opcode] of Object.entries({ ...SCALARS, ...CONTAINERS, ...OBJECTS, ...CONTROL })) {
  OPCODES[char.charCodeAt(0)] = opcode;
}

/** Reads a file that holds exactly one pickle. */
export function readPickle(bytes: Uint8Array, limits: Partial<PickleLimits> = {}): PickleValue {
  const machine = new Machine(bytes, { ...DEFAULT_LIMITS, ...limits });
  const value = readNext(machine, { opcodes: 0 });
  const { position } = machine.input;
  if (position < bytes.length) {
    throw new PickleError(`${bytes.length - position} more bytes follow the end of the pickle`, position);
  }
  return value;
}

/** Reads pickle after pickle from a file that holds a run of them. The limits hold for the file as a whole. */
export function* eachPickle(bytes: Uint8Array, limits: Partial<PickleLimits> = {}): Generator<PickleValue> {
  const machine = new Machine(bytes, { ...DEFAULT_LIMITS, ...limits });
  const used = { opcodes: 0 };
  while (!machine.input.atEnd) {
    yield readNext(machine, used);
    machine.reset();
  }
}

/** Reads all pickles of a file, such as message and metadata of a queue entry. */
export function readPickles(bytes: Uint8Array, limits: Partial<PickleLimits> = {}): PickleValue[] {
  return [...eachPickle(bytes, limits)];
}

function readNext(machine: Machine, used: { opcodes: number }): PickleValue {
  const { input, limits } = machine;
  for (;;) {
    input.opcodeAt = input.position;
    input.opcodeName = '';
    if (++used.opcodes > limits.opcodes) throw input.fault(`more than ${limits.opcodes} steps`);
    if (input.atEnd) throw input.fault('the file ends before the pickle does');
    const byte = input.uint8();
    if (byte === STOP) return result(machine);
    const opcode = OPCODES[byte];
    if (opcode === undefined) throw input.fault(`unknown opcode 0x${byte.toString(16).padStart(2, '0')}`);
    input.opcodeName = opcode[0];
    opcode[1](machine);
  }
}

function result(machine: Machine): PickleValue {
  const { input, limits } = machine;
  input.opcodeName = 'STOP';
  const value = machine.pop();
  const shape = shapeOf(value, limits.depth);
  if (shape.cyclic && !limits.cycles) throw input.fault('a value contains itself');
  if (shape.depth > limits.depth) throw input.fault(machine.tooDeep());
  if (shape.expanded > limits.expanded) {
    throw input.fault(
      `shared parts would expand to more than ${Math.round(limits.expanded / 1024 / 1024)} MB`,
    );
  }
  return value;
}
