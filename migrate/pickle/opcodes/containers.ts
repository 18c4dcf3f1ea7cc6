import { COST, type Machine } from '../machine.ts';
import { type PickleValue, PyDict, PyInstance, PySet, PyTuple } from '../values.ts';
import type { OpcodeTable } from './table.ts';

/** Opcodes that make and fill lists, tuples, dicts and sets. */
export const CONTAINERS: OpcodeTable = {
  '(': ['MARK', (machine) => machine.mark()],

  ']': ['EMPTY_LIST', (machine) => list(machine, [])],
  l: ['LIST', (machine) => list(machine, machine.popToMark())],
  a: ['APPEND', (machine) => append(machine, [machine.pop()])],
  e: ['APPENDS', (machine) => append(machine, machine.popToMark())],

  ')': ['EMPTY_TUPLE', (machine) => tuple(machine, [])],
  t: ['TUPLE', (machine) => tuple(machine, machine.popToMark())],
  '\x85': ['TUPLE1', (machine) => tuple(machine, popped(machine, 1))],
  '\x86': ['TUPLE2', (machine) => tuple(machine, popped(machine, 2))],
  '\x87': ['TUPLE3', (machine) => tuple(machine, popped(machine, 3))],

  '}': ['EMPTY_DICT', (machine) => dict(machine, [])],
  d: ['DICT', (machine) => dict(machine, machine.popToMark())],
  s: ['SETITEM', (machine) => setItems(machine, popped(machine, 2))],
  u: ['SETITEMS', (machine) => setItems(machine, machine.popToMark())],

  '\x8f': ['EMPTY_SET', (machine) => newSet(machine, [], false)],
  '\x91': ['FROZENSET', (machine) => newSet(machine, machine.popToMark(), true)],
  '\x90': ['ADDITEMS', addItems],
};

function popped(machine: Machine, count: number): PickleValue[] {
  const items: PickleValue[] = [];
  for (let i = 0; i < count; i++) items.push(machine.pop());
  return items.reverse();
}

function list(machine: Machine, items: PickleValue[]): void {
  machine.spend(COST.container + COST.slot * items.length);
  machine.push(items);
}

function tuple(machine: Machine, items: PickleValue[]): void {
  machine.spend(COST.container + COST.slot * items.length);
  machine.push(new PyTuple(items));
}

function append(machine: Machine, items: PickleValue[]): void {
  const target = machine.top();
  if (target instanceof PyInstance) target.listItems ??= [];
  const to = target instanceof PyInstance ? target.listItems : target;
  if (!Array.isArray(to)) throw machine.fault('there is no list to append to');
  machine.spend(COST.slot * items.length);
  for (const item of items) to.push(item);
}

function dict(machine: Machine, items: PickleValue[]): void {
  machine.spend(COST.dict);
  machine.push(new PyDict());
  setItems(machine, items);
}

function setItems(machine: Machine, items: PickleValue[]): void {
  const target = machine.top();
  if (target instanceof PyInstance) target.dictItems ??= new PyDict();
  const into = target instanceof PyInstance ? target.dictItems : target;
  if (!(into instanceof PyDict)) throw machine.fault('there is no dict to store into');
  if (items.length % 2 !== 0) throw machine.fault('a key has no value');
  for (let i = 0; i < items.length; i += 2) machine.store(into, items[i] ?? null, items[i + 1] ?? null);
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
