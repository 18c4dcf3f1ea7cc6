import { type PickleValue, PyByteArray, PyBytes, PyDict, PyInstance, PySet, PyTuple } from './values.ts';

/** What a value is like as a whole. */
export interface Shape {
  /** Containers inside containers: 0 for a number, 1 for a list of numbers. */
  depth: number;
  /** 16 for each value plus its characters, with everything that is shared counted each time. May be Infinity. */
  expanded: number;
  /** Whether something in it contains itself; then `depth` and `expanded` leave out the way back. */
  cyclic: boolean;
}

interface Open {
  value: object;
  children: Iterator<PickleValue>;
  depth: number;
  expanded: number;
}

const PER_VALUE = 16;

/** Measures a value in time linear in what it really holds, without recursion. */
export function shapeOf(root: PickleValue): Shape {
  const done = new Map<object, { depth: number; expanded: number }>();
  const inProgress = new Set<object>();
  const top: Open = { value: done, children: [root].values(), depth: 0, expanded: 0 };
  const path = [top];
  let cyclic = false;
  for (let open = path.at(-1); open !== undefined; open = path.at(-1)) {
    const next = open.children.next();
    if (next.done === true) {
      path.pop();
      inProgress.delete(open.value);
      const parent = path.at(-1);
      if (parent === undefined) break;
      const measured = { depth: open.depth + 1, expanded: open.expanded + PER_VALUE };
      done.set(open.value, measured);
      add(parent, measured.depth, measured.expanded);
      continue;
    }
    const value = next.value;
    const children = childrenOf(value);
    if (children === undefined || typeof value !== 'object' || value === null) {
      open.expanded += PER_VALUE + charactersIn(value);
      continue;
    }
    const known = done.get(value);
    if (known !== undefined) add(open, known.depth, known.expanded);
    else if (inProgress.has(value)) cyclic = true;
    else {
      inProgress.add(value);
      path.push({ value, children, depth: 0, expanded: 0 });
    }
  }
  return { depth: top.depth, expanded: top.expanded, cyclic };
}

function add(parent: Open, depth: number, expanded: number): void {
  parent.depth = Math.max(parent.depth, depth);
  parent.expanded += expanded;
}

function charactersIn(value: PickleValue): number {
  if (value instanceof PyBytes || value instanceof PyByteArray) return value.latin1.length;
  return typeof value === 'string' ? value.length : 0;
}

/** The values directly inside a value, undefined if it is none that can hold others. */
export function childrenOf(value: PickleValue): Iterator<PickleValue> | undefined {
  if (Array.isArray(value)) return value.values();
  if (value instanceof PyTuple || value instanceof PySet) return value[Symbol.iterator]();
  if (value instanceof PyDict) return dictChildren(value);
  if (value instanceof PyInstance) return instanceChildren(value);
  return undefined;
}

function* dictChildren(dict: PyDict): Generator<PickleValue> {
  yield* dict.keys;
  yield* dict.values;
}

function* instanceChildren(instance: PyInstance): Generator<PickleValue> {
  yield* instance.args;
  if (instance.kwargs !== undefined) yield instance.kwargs;
  if (instance.state !== undefined) yield instance.state;
  if (instance.listItems !== undefined) yield instance.listItems;
  if (instance.dictItems !== undefined) yield instance.dictItems;
}
