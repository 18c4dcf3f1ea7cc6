import { Children } from './children.ts';
import type { PickleValue } from './values.ts';

/**
 * The objects that a pickle has to name in its memo, by identity: those that occur more than once. If anything
 * contains itself it is all objects, as a tuple in such a circle can be made only by way of the others.
 */
export function sharedIn(root: PickleValue): ReadonlySet<object> {
  const seen = new Set<object>();
  const shared = new Set<object>();
  const inProgress = new Set<object>();
  const open: Children[] = [];
  let cyclic = false;

  function enter(value: PickleValue): void {
    if (value === null || typeof value !== 'object') return;
    if (seen.has(value)) {
      shared.add(value);
      cyclic ||= inProgress.has(value);
      return;
    }
    seen.add(value);
    const children = Children.in(value);
    if (children === undefined) return;
    open.push(children);
    inProgress.add(value);
  }

  enter(root);
  for (let children = open.at(-1); children !== undefined; children = open.at(-1)) {
    const value = children.next();
    if (value !== undefined) {
      enter(value);
    } else {
      open.pop();
      inProgress.delete(children.of);
    }
  }
  return cyclic ? seen : shared;
}
