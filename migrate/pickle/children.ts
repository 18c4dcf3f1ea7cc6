import { type PickleValue, PyBytes, PyDict, PyInstance, PySet, PyTuple } from './values.ts';

type Lists = readonly (readonly PickleValue[])[];

/** A walk over the values directly inside a value. Faster than a generator, which matters for 100,000 members. */
export class Children {
  readonly of: object;
  readonly #lists: Lists;
  #list = 0;
  #item = 0;

  private constructor(of: object, lists: Lists) {
    this.of = of;
    this.#lists = lists;
  }

  /** Starts a walk over the inside of a value; undefined if it is none that can hold others. */
  static in(value: PickleValue): Children | undefined {
    if (typeof value !== 'object' || value === null || value instanceof PyBytes) return undefined;
    const lists = listsIn(value);
    return lists === undefined ? undefined : new Children(value, lists);
  }

  /** The next value inside, undefined at the end. */
  next(): PickleValue | undefined {
    for (let list = this.#lists[this.#list]; list !== undefined; list = this.#lists[++this.#list]) {
      if (this.#item < list.length) return list[this.#item++];
      this.#item = 0;
    }
    return undefined;
  }
}

function listsIn(value: PickleValue): Lists | undefined {
  if (value instanceof PyTuple) return [value.items];
  if (Array.isArray(value)) return [value];
  if (value instanceof PyDict) return [value.keys, value.values];
  if (value instanceof PySet) return [[...value]];
  if (value instanceof PyInstance) return [value.args, partsOf(value)];
  return undefined;
}

function partsOf({ kwargs, state, listItems, dictItems }: PyInstance): PickleValue[] {
  return [kwargs, state, listItems, dictItems].filter((part) => part !== undefined);
}
