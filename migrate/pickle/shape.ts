import { Children } from './children.ts';
import { type PickleValue, PyByteArray, PyBytes } from './values.ts';

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
  children: Children;
  depth: number;
  expanded: number;
}

const PER_VALUE = 16;

/**
 * Measures a value in time linear in what it really holds, without recursion. Stops at values nested more than
 * `deepest` deep: then `depth` is Infinity, and the rest has not been looked at.
 */
export function shapeOf(root: PickleValue, deepest: number): Shape {
  const top: Shape = { depth: 0, expanded: 0, cyclic: false };
  const done = new Map<object, { depth: number; expanded: number }>();
  const inProgress = new Set<object>();
  const path: Open[] = [];

  function enter(parent: { depth: number; expanded: number }, value: PickleValue): void {
    const children = Children.in(value);
    if (children === undefined) {
      parent.expanded += PER_VALUE + charactersIn(value);
      return;
    }
    const known = done.get(children.of);
    if (known !== undefined) add(parent, known.depth, known.expanded);
    else if (inProgress.has(children.of)) top.cyclic = true;
    else {
      inProgress.add(children.of);
      path.push({ children, depth: 0, expanded: 0 });
    }
  }

  enter(top, root);
  for (let open = path.at(-1); open !== undefined; open = path.at(-1)) {
    const value = open.children.next();
    if (value !== undefined) {
      enter(open, value);
      if (path.length > deepest) return { ...top, depth: Number.POSITIVE_INFINITY };
      continue;
    }
    path.pop();
    inProgress.delete(open.children.of);
    const measured = { depth: open.depth + 1, expanded: open.expanded + PER_VALUE };
    done.set(open.children.of, measured);
    add(path.at(-1) ?? top, measured.depth, measured.expanded);
  }
  return top;
}

function add(parent: { depth: number; expanded: number }, depth: number, expanded: number): void {
  parent.depth = Math.max(parent.depth, depth);
  parent.expanded += expanded;
}

function charactersIn(value: PickleValue): number {
  if (value instanceof PyBytes || value instanceof PyByteArray) return value.latin1.length;
  return typeof value === 'string' ? value.length : 0;
}
