import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The control groups of Linux: all in one tree, or a tree for each resource. */
const UNIFIED = '/sys/fs/cgroup';
const SEPARATE = '/sys/fs/cgroup/cpu';

/** A process that has used its part of this time waits for the next; short, so that it never waits long with a lock. */
const PERIOD_US = 10_000;

let groups = 0;

/** Whether `limitShare` can work: on Linux, for root. */
export function canLimitShare(): boolean {
  try {
    makeGroup(1).remove();
    return true;
  } catch {
    return false;
  }
}

/**
 * Gives a process a part of one processor at most, with all its threads, as the limit of a container does.
 * @returns what removes the limit's traces, when the process has ended
 * @throws Error where the system does not allow that
 */
export function limitShare(pid: number, share: number): () => void {
  const { folder, remove } = makeGroup(share);
  writeFileSync(join(folder, 'cgroup.procs'), String(pid));
  return remove;
}

function makeGroup(share: number): { readonly folder: string; readonly remove: () => void } {
  const isUnified = existsSync(join(UNIFIED, 'cgroup.controllers'));
  groups += 1;
  const folder = join(isUnified ? UNIFIED : SEPARATE, `ferryman-bench-${process.pid}-${groups}`);
  const quota = Math.round(share * PERIOD_US);
  mkdirSync(folder);
  const remove = (): void => rmdirSync(folder);
  try {
    if (isUnified) writeFileSync(join(folder, 'cpu.max'), `${quota} ${PERIOD_US}`);
    else {
      writeFileSync(join(folder, 'cpu.cfs_period_us'), String(PERIOD_US));
      writeFileSync(join(folder, 'cpu.cfs_quota_us'), String(quota));
    }
  } catch (error) {
    remove();
    throw error;
  }
  return { folder, remove };
}
