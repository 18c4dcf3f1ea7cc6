import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from './config.ts';
import { ConfigError } from './errors.ts';
import { BUILT_IN_TEMPLATES } from './paths.ts';
import { reasonOf } from './reasons.ts';

/** Parents first, so that none of them is made with another's mode. */
const DIRECTORIES = [
  ...['var_dir', 'archive_dir', 'cache_dir', 'data_dir', 'etc_dir', 'list_data_dir', 'lock_dir', 'log_dir'],
  ...['messages_dir', 'queue_dir', 'template_dir'],
] as const;

const STUB = `# The configuration of this mailing list server: the sections and keys of Mailman 3.
# "mailman conf" shows every value in use. What is not set here keeps its default, for example:
#
# [mailman]
# site_owner: you@example.com
`;

/**
 * Makes the run-time directories that are missing, one for each queue, and a configuration file of comments in
 * `etc_dir` when there is none. Throws ConfigError, with a line for each directory that cannot be made.
 */
export function ensureDirectories(config: Config): void {
  const section = `paths.${config.mailman.layout}`;
  const problems: string[] = [];
  const failed: string[] = [];
  const make = (path: string, mode: number, where: string): void => {
    // One mistake is one line: what lies below fails for the same reason.
    if (failed.some((above) => path.startsWith(`${above}/`))) return;
    try {
      makeDirectory(path, mode);
    } catch (error) {
      failed.push(path);
      problems.push(
        `${where}: ${path} cannot be created (${reasonOf(error)}), expected a directory or a place for one`,
      );
    }
  };
  for (const key of DIRECTORIES) {
    const path = config.paths[key] ?? '';
    if (path !== BUILT_IN_TEMPLATES) make(path, 0o755, config.where(section, key));
  }
  for (const runner of config.runners.values()) {
    if (runner.path !== '' && problems.length === 0) {
      make(runner.path, 0o770, config.where(`runner.${runner.name}`, 'path'));
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
  tolerate(() => makeDirectory(config.paths.bin_dir, 0o755));
  tolerate(() => writeFileSync(join(config.paths.etc_dir, 'mailman.cfg'), STUB, { flag: 'wx', mode: 0o644 }));
}

/**
 * Makes a directory and those above it. (Node's own recursive mkdir never returns where the file system answers
 * "no such file" although the parent is there, as /proc does.)
 */
export function makeDirectory(path: string, mode: number): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const parent = dirname(path);
  if (statSync(parent, { throwIfNoEntry: false }) === undefined && parent !== path)
    makeDirectory(parent, 0o755);
  try {
    mkdirSync(path, mode);
  } catch (error) {
    // Another process may have made it meanwhile.
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
    throw error;
  }
  // The umask of the server keeps others out of its files; they may still see which directories there are.
  chmodSync(path, mode);
}

/** For what is a courtesy: nothing of ours is in `bin_dir`, and the stub holds only comments. */
function tolerate(attempt: () => void): void {
  try {
    attempt();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
}
