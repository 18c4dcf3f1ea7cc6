import type { Machine } from '../machine.ts';
import { COST } from '../machine.ts';
import { argumentsIn, instance, reduce } from '../objects.ts';
import { decodeUtf8WithSurrogates, isAscii } from '../text.ts';
import { PyGlobal, PyInstance } from '../values.ts';
import type { OpcodeTable } from './table.ts';

/** Opcodes that name classes and make instances. */
export const OBJECTS: OpcodeTable = {
  c: ['GLOBAL', (machine) => machine.push(named(machine))],
  '\x93': ['STACK_GLOBAL', stackGlobal],
  i: ['INST', inst],
  o: ['OBJ', obj],
  R: ['REDUCE', callReduced],
  '\x81': ['NEWOBJ', newObject],
  '\x92': ['NEWOBJ_EX', newObjectWithKeywords],
  b: ['BUILD', build],
};

/** The longest line that is taken for the name of a module or class. */
const LONGEST_NAME = 1000;

function named(machine: Machine): PyGlobal {
  return global(machine, name(machine), name(machine));
}

function name(machine: Machine): string {
  const line = machine.input.line();
  if (isAscii(line)) return line;
  const text = decodeUtf8WithSurrogates(Buffer.from(line, 'latin1'));
  if (text === undefined) throw machine.fault('a class name that is not UTF-8');
  return text;
}

function global(machine: Machine, module: string, qualname: string): PyGlobal {
  if (module === '' || qualname === '') throw machine.fault('a class without a name');
  if (module.length > LONGEST_NAME || qualname.length > LONGEST_NAME) {
    throw machine.fault(`a class name of more than ${LONGEST_NAME} characters`);
  }
  machine.spend(COST.leaf + module.length + qualname.length);
  return new PyGlobal(module, qualname);
}

function stackGlobal(machine: Machine): void {
  const qualname = machine.pop();
  const module = machine.pop();
  if (typeof module !== 'string' || typeof qualname !== 'string') {
    throw machine.fault('the names of module and class must be text');
  }
  machine.push(global(machine, module, qualname));
}

function inst(machine: Machine): void {
  const cls = named(machine);
  machine.push(instance(machine, cls, 'old-style', machine.popToMark()));
}

function obj(machine: Machine): void {
  const [cls, ...args] = machine.popToMark();
  if (cls === undefined) throw machine.fault('there is no class to make an object of');
  machine.push(instance(machine, cls, 'old-style', args));
}

function callReduced(machine: Machine): void {
  const args = machine.pop();
  machine.push(reduce(machine, machine.pop(), args));
}

function newObject(machine: Machine): void {
  const args = argumentsIn(machine, machine.pop());
  machine.push(instance(machine, machine.pop(), 'new', args));
}

function newObjectWithKeywords(machine: Machine): void {
  const kwargs = machine.pop();
  const args = argumentsIn(machine, machine.pop());
  machine.push(instance(machine, machine.pop(), 'new', args, kwargs));
}

function build(machine: Machine): void {
  const state = machine.pop();
  const object = machine.top();
  if (!(object instanceof PyInstance)) throw machine.fault('there is no object to give a state to');
  if (object.state !== undefined) throw machine.fault('an object is given a second state');
  object.state = state;
}
