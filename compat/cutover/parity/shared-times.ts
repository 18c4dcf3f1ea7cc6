import { type AuditEntry, auditOf } from '../../../src/database/cutover-audit.ts';
import type { Connection } from '../../../src/database/handle.ts';
import { epochFromUtc } from '../../../src/model/time.ts';

/** For so long after a list began to come to both sides, Mailman 2 may still get posts that Postfix had taken before, in seconds. */
const GRACE = 10;

/** Mailman 2's logs tell the second, not when in it. */
const LAST_OF_SECOND = 0.999_999;

const SHARED = new Set<unknown>(['observe', 'alongside']);

/**
 * Tells of a moment whether the posts of a list came to both sides then, by the trail of its steps; before the first of them,
 * where others look for it.
 * @returns a function of whole seconds since 1970, as logs have them: whether it was so in all of that second
 */
export async function sharedTimes(
  connection: Connection,
  listId: string,
): Promise<(epoch: number) => boolean> {
  const changes = (await auditOf(connection, listId))
    .filter(({ outcome }) => outcome === 'done')
    .map(asChange);
  const isShared = (epoch: number): boolean => {
    const last = changes.findLast(({ at }) => at <= epoch);
    return last ? last.isShared : changes.length === 0;
  };
  return (second) => isShared(second) && isShared(second + LAST_OF_SECOND);
}

/** What a step has made of the list, and from which moment on that can be relied on. */
function asChange({ doneAt, details: { from, to, seconds } }: AuditEntry): { at: number; isShared: boolean } {
  const done = epochFromUtc(doneAt);
  if (!SHARED.has(to)) return { at: done - Number(seconds), isShared: false };
  return { at: SHARED.has(from) ? done : done + GRACE, isShared: true };
}
