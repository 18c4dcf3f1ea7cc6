import { Children } from './children.ts';
import type { PickleValue } from './values.ts';

/** The objects that occur more than once in a value, by identity: those that a pickle names in its memo. */
export function sharedIn(root: PickleValue): Set<object> {
  const seen = new Set<object>();
  const shared = new Set<object>();
  const open: Children[] = [];

  function enter(value: PickleValue): void {
    if (value === null || typeof value !== 'object') return;
    if (seen.has(value)) {
      shared.add(value);
      return;
    }
    seen.add(value);
    const children = Children.in(value);
    if (children !== undefined) open.push(children);
  }

  enter(root);
  for (let children = open.at(-1); children !== undefined; children = open.at(-1)) {
    const value = children.next();
    if (value === undefined) open.pop();
    else enter(value);
  }
  return shared;
}
