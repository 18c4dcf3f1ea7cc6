import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from '../errors.ts';

/** What the search for the configuration depends on; tests give their own. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The path of the running program. */
  readonly argv0: string;
  readonly isFile: (path: string) => boolean;
}

/** The surroundings of this process. */
export function processSurroundings(): Surroundings {
  return {
    env: process.env,
    cwd: currentFolder(),
    argv0: process.argv[1] ?? process.execPath,
    isFile,
  };
}

/** One that was removed has no files; what is named by a path from the root is found all the same. */
function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    return '/';
  }
}

/** A folder that may not be looked into counts as having no such file, so the search goes on. */
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * The configuration file to use: the given one, which must exist, or the first that exists of the seven places; none
 * means the built-in values. `MAILMAN_CONFIG_FILE` is passed over here when its file is missing; a command that takes
 * the variable as the value of its `-C` gives it as `given`.
 */
export function locateConfig(given: string | undefined, surroundings: Surroundings): string | undefined {
  const { env, cwd, argv0, isFile } = surroundings;
  if (given !== undefined) {
    const file = resolve(cwd, given);
    if (!isFile(file))
      throw new UsageError(`Invalid value for '-C' / '--config': File '${given}' does not exist.`);
    return file;
  }
  const places = [
    env.MAILMAN_CONFIG_FILE,
    'mailman.cfg',
    'var/etc/mailman.cfg',
    env.HOME ? join(env.HOME, '.mailman.cfg') : undefined,
    '/etc/mailman.cfg',
    '/etc/mailman3/mailman.cfg',
    join(dirname(resolve(cwd, argv0)), '..', 'etc', 'mailman.cfg'),
  ];
  return places
    .filter((place): place is string => place !== undefined && place !== '')
    .map((place) => resolve(cwd, place))
    .find(isFile);
}

/** The file that `MAILMAN_EXTRA_TESTING_CFG` lays over the configuration, when it is set. */
export function locateExtraConfig({ env, cwd }: Surroundings): string | undefined {
  const extra = env.MAILMAN_EXTRA_TESTING_CFG;
  return extra === undefined || extra === '' ? undefined : resolve(cwd, extra);
}
