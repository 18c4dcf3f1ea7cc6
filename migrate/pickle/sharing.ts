import { childrenOf } from './shape.ts';
import { type PickleValue, PyBytes } from './values.ts';

/** The objects that occur more than once in a value, by identity: those that a pickle names in its memo. */
export function sharedIn(root: PickleValue): Set<object> {
  const seen = new Set<object>();
  const shared = new Set<object>();
  const open: Iterator<PickleValue>[] = [[root].values()];
  for (let children = open.at(-1); children !== undefined; children = open.at(-1)) {
    const next = children.next();
    if (next.done === true) {
      open.pop();
      continue;
    }
    const value = next.value;
    if (value === null || typeof value !== 'object') continue;
    if (seen.has(value)) {
      shared.add(value);
      continue;
    }
    seen.add(value);
    if (value instanceof PyBytes) continue;
    const inside = childrenOf(value);
    if (inside !== undefined) open.push(inside);
  }
  return shared;
}
