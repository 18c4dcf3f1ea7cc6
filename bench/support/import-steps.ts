import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { median, type Usage } from './child.ts';
import { crowd, memberFile } from './crowd.ts';
import type { Installation } from './installation.ts';

/** The list that is imported, and the one that `addmembers` fills. */
export const CROWD_LIST = 'bigcrowd@lists.example.com';
const ADDED_LIST = 'added@lists.example.com';

/** Says what is measured next; the longest step takes minutes. */
export function announce(text: string): void {
  process.stderr.write(`${text}\n`);
}

/**
 * Imports a list of this many members into an empty installation, where the list has been made before.
 * @throws Error where not all members have arrived: then the time says nothing
 */
export function importCrowd(installation: Installation, folder: string, size: number, runs: number): Usage {
  announce(`${installation.name}: import21 of ${size}`);
  const file = writeCrowd(folder, size);
  const usages = Array.from({ length: runs }, () => {
    installation.reset();
    installation.run('create', CROWD_LIST);
    const usage = installation.run('import21', CROWD_LIST, file);
    expectCount(installation, 'import21', size, installation.countMembers());
    return usage;
  });
  return median(usages);
}

/** Writes the config.pck of a list of this many members. */
export function writeCrowd(folder: string, size: number): string {
  const file = join(folder, `crowd-${size}.pck`);
  writeFileSync(file, crowd(size));
  return file;
}

/** Lists the members that were imported last. */
export function listCrowd(installation: Installation, size: number, runs: number): Usage {
  announce(`${installation.name}: members of ${size}`);
  const usage = median(Array.from({ length: runs }, () => installation.run('members', CROWD_LIST)));
  expectCount(installation, 'members', size, usage.stdout.split('\n').length - 1);
  return usage;
}

/** Adds so many members to a new list; without welcome messages, which Ferryman does not send yet. */
export function addMembers(installation: Installation, folder: string, size: number, runs: number): Usage {
  announce(`${installation.name}: addmembers of ${size}`);
  const file = join(folder, `members-${size}.txt`);
  writeFileSync(file, memberFile(size));
  const usages = Array.from({ length: runs }, () => {
    installation.reset();
    installation.run('create', ADDED_LIST);
    const usage = installation.run('addmembers', '-W', file, ADDED_LIST);
    expectCount(installation, 'addmembers', size, installation.countMembers());
    return usage;
  });
  return median(usages);
}

/** Runs a short command on both in turn, so that a busy moment of the machine hits both. */
export function compareCommand(
  ours: Installation,
  peer: Installation | undefined,
  command: string,
  runs: number,
): { ours: Usage; peer: Usage | undefined } {
  announce(`both: ${command}`);
  const usages = { ours: [] as Usage[], peer: [] as Usage[] };
  for (let run = 0; run < runs; run++) {
    usages.ours.push(ours.run(command));
    if (peer) usages.peer.push(peer.run(command));
  }
  return { ours: median(usages.ours), peer: peer && median(usages.peer) };
}

function expectCount({ name }: Installation, what: string, expected: number, found: number): void {
  if (found !== expected)
    throw new Error(`${name}: ${what} gave ${found} members of ${expected}; no comparison`);
}
