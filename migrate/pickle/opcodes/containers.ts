import { COST, type Machine } from '../machine.ts';
import { type PickleValue, PyDict, PyInstance, PySet, PyTuple } from '../values.ts';
import type { OpcodeTable } from './table.ts';

/** Opcodes that make and fill lists, tuples, dicts and sets. */
export const CONTAINERS: OpcodeTable = {
  '(': ['MARK', (machine) => machine.mark()],

  ']': ['EMPTY_LIST', (machine) => list(machine, [])],
  l: ['LIST', (machine) => list(machine, machine.popToMark())],
  a: ['APPEND', (machine) => append(machine, machine.pop())],
  e: ['APPENDS', (machine) => appendAll(machine, machine.popToMark())],

  ')': ['EMPTY_TUPLE', (machine) => tuple(machine, [])],
  t: ['TUPLE', (machine) => tuple(machine, machine.popToMark())],
  '\x85': ['TUPLE1', (machine) => tuple(machine, machine.popMany(1))],
  '\x86': ['TUPLE2', (machine) => tuple(machine, machine.popMany(2))],
  '\x87': ['TUPLE3', (machine) => tuple(machine, machine.popMany(3))],

  '}': ['EMPTY_DICT', (machine) => dict(machine, [])],
  d: ['DICT', (machine) => dict(machine, machine.popToMark())],
  s: ['SETITEM', setItem],
  u: ['SETITEMS', (machine) => setItems(machine, machine.popToMark())],

  '\x8f': ['EMPTY_SET', (machine) => newSet(machine, [], false)],
  '\x91': ['FROZENSET', (machine) => newSet(machine, machine.popToMark(), true)],
  '\x90': ['ADDITEMS', addItems],
};

function list(machine: Machine, items: PickleValue[]): void {
  machine.spend(COST.container + COST.slot * items.length);
  machine.push(items);
}

function tuple(machine: Machine, items: PickleValue[]): void {
  machine.spend(COST.container + COST.slot * items.length);
  machine.push(new PyTuple(items));
}

function append(machine: Machine, item: PickleValue): void {
  const list = listOnTop(machine);
  machine.spend(COST.slot);
  list.push(item);
}

function appendAll(machine: Machine, items: PickleValue[]): void {
  const list = listOnTop(machine);
  machine.spend(COST.slot * items.length);
  for (const item of items) list.push(item);
}

/** The list to append to; of an object, what it will be asked to append to itself. */
function listOnTop(machine: Machine): PickleValue[] {
  const target = machine.top();
  if (Array.isArray(target)) return target;
  if (!(target instanceof PyInstance)) throw machine.fault('there is no list to append to');
  target.listItems ??= [];
  return target.listItems;
}

function dict(machine: Machine, items: PickleValue[]): void {
  machine.spend(COST.dict);
  machine.push(new PyDict());
  setItems(machine, items);
}

function setItem(machine: Machine): void {
  const value = machine.pop();
  const key = machine.pop();
  machine.store(dictOnTop(machine), key, value);
}

function setItems(machine: Machine, items: PickleValue[]): void {
  const dict = dictOnTop(machine);
  if (items.length % 2 !== 0) throw machine.fault('a key has no value');
  for (let i = 0; i < items.length; i += 2) machine.store(dict, items[i] ?? null, items[i + 1] ?? null);
}

function dictOnTop(machine: Machine): PyDict {
  const target = machine.top();
  if (target instanceof PyDict) return target;
  if (!(target instanceof PyInstance)) throw machine.fault('there is no dict to store into');
  target.dictItems ??= new PyDict();
  return target.dictItems;
}

function newSet(machine: Machine, members: PickleValue[], frozen: boolean): void {
  machine.spend(COST.dict);
  const set = new PySet([], frozen);
  for (const member of members) machine.include(set, member);
  machine.push(set);
}

function addItems(machine: Machine): void {
  const members = machine.popToMark();
  const set = machine.top();
  if (!(set instanceof PySet) || set.frozen) throw machine.fault('there is no set to add to');
  for (const member of members) machine.include(set, member);
}
