import type { Machine } from '../machine.ts';
import type { OpcodeTable } from './table.ts';

const NEWEST_PROTOCOL = 5;

/** Opcodes that work on the stack, the memo and the file, and those that no pickle of a mailing list can have. */
export const CONTROL: OpcodeTable = {
  '0': ['POP', pop],
  '1': ['POP_MARK', (machine) => machine.popToMark()],
  '2': ['DUP', (machine) => machine.push(machine.top())],

  p: ['PUT', (machine) => machine.memoise(index(machine), machine.top())],
  q: ['BINPUT', (machine) => machine.memoise(machine.input.uint8(), machine.top())],
  r: ['LONG_BINPUT', (machine) => machine.memoise(machine.input.uint32(), machine.top())],
  '\x94': ['MEMOIZE', (machine) => machine.memoise(machine.memoised, machine.top())],
  g: ['GET', (machine) => machine.push(machine.recall(index(machine)))],
  h: ['BINGET', (machine) => machine.push(machine.recall(machine.input.uint8()))],
  j: ['LONG_BINGET', (machine) => machine.push(machine.recall(machine.input.uint32()))],

  '\x80': ['PROTO', protocol],
  '\x95': ['FRAME', frame],

  P: ['PERSID', (machine) => refuse(machine, 'a reference to an object kept outside the file')],
  Q: ['BINPERSID', (machine) => refuse(machine, 'a reference to an object kept outside the file')],
  '\x82': [
    'EXT1',
    (machine) => refuse(machine, 'a class by its number in a registry that the file does not have'),
  ],
  '\x83': [
    'EXT2',
    (machine) => refuse(machine, 'a class by its number in a registry that the file does not have'),
  ],
  '\x84': [
    'EXT4',
    (machine) => refuse(machine, 'a class by its number in a registry that the file does not have'),
  ],
  '\x97': ['NEXT_BUFFER', (machine) => refuse(machine, 'a buffer kept outside the file')],
  '\x98': ['READONLY_BUFFER', (machine) => refuse(machine, 'a buffer kept outside the file')],
};

/** Python lets POP take a bare MARK away, too. */
function pop(machine: Machine): void {
  if (machine.available > 0) machine.pop();
  else machine.popToMark();
}

function index(machine: Machine): number {
  const line = machine.input.line().trimEnd();
  if (!/^\d{1,10}$/.test(line)) throw machine.fault('this is not a memo number');
  return Number(line);
}

function protocol(machine: Machine): void {
  const version = machine.input.uint8();
  if (version > NEWEST_PROTOCOL) throw machine.fault(`protocol ${version} is newer than ${NEWEST_PROTOCOL}`);
}

/** Frames only help Python to read ahead; what they promise must still be there. */
function frame(machine: Machine): void {
  const { input } = machine;
  const length = input.length64();
  const left = input.bytes.length - input.position;
  if (length > left) throw machine.fault(`announces ${length} bytes, but the file ends after ${left}`);
}

function refuse(machine: Machine, what: string): never {
  throw machine.fault(what);
}
