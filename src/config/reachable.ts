import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Config } from './config.ts';
import { ConfigError } from './errors.ts';
import { readArchiverSettings, readPostfixSettings } from './external.ts';
import { reasonOf } from './reasons.ts';
import { readSealingKey, SealingKeyError } from './sealing-key.ts';

/**
 * Looks at the directories of the files that only one server may have. Throws ConfigError, with a line for each where
 * they cannot be written.
 */
export function checkServerFiles(config: Config): void {
  const section = `paths.${config.mailman.layout}`;
  const problems = (['pid_file', 'lock_file'] as const).flatMap((key) => {
    const parent = dirname(config.paths[key]);
    const where = config.where(section, key);
    return access(parent, constants.W_OK | constants.X_OK, where, 'an existing, writable directory');
  });
  if (problems.length > 0) throw new ConfigError(problems);
}

/**
 * Looks at the other files and directories that the configuration names and that the server does not make itself. It
 * takes mail without them: after a restart of the machine that matters more.
 * @returns a line for each that cannot be used
 */
export function unreachable(config: Config): string[] {
  const problems: string[] = [];
  const collect = (attempt: () => unknown): void => {
    try {
      attempt();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(...error.problems);
    }
  };
  if (config.mta.incoming === 'postfix') collect(() => readPostfixSettings(config));
  for (const archiver of config.archivers.values()) {
    if (archiver.enable) collect(() => readArchiverSettings(config, archiver.name));
  }
  if (config.ARC.enabled) problems.push(...sealingKeyProblems(config));
  for (const key of ['mailman2_var_dir', 'mailman2_bin_dir'] as const) {
    const path = config.cutover[key];
    const where = config.where('cutover', key);
    if (path !== '')
      problems.push(...access(path, constants.R_OK | constants.X_OK, where, 'a directory of Mailman 2'));
  }
  return problems;
}

/**
 * Looks at the log files. A server takes mail without them, too, but somebody should hear of it.
 * @returns a line for each that cannot be written
 */
export function unwritableLogs(config: Config): string[] {
  const logs = new Map([...config.loggers.values()].map(({ name, path }) => [path, name]));
  return [...logs].flatMap(([path, name]) => {
    const where = config.where(`logging.${name}`, 'path');
    return access(placeOf(path), constants.W_OK, where, 'a log file that can be written');
  });
}

/** A file, or the directory in which it would be made. */
function placeOf(path: string): string {
  if (existsSync(path)) return path;
  const parent = dirname(path);
  // The dot asks for a directory.
  return existsSync(parent) ? `${parent}/.` : placeOf(parent);
}

/** With a key for each domain only their folder can be looked at: which domains there are, the database knows. */
function sealingKeyProblems(config: Config): string[] {
  const { privkey } = config.ARC;
  const where = config.where('ARC', 'privkey');
  const variable = privkey.indexOf('$');
  if (variable >= 0) {
    const folder = dirname(`${privkey.slice(0, variable)}x`);
    return access(folder, constants.R_OK | constants.X_OK, where, 'a directory of private keys');
  }
  try {
    readSealingKey(privkey);
    return [];
  } catch (error) {
    if (!(error instanceof SealingKeyError)) throw error;
    return [`${where}: ${error.message}`];
  }
}

/** @returns a line where the path cannot be used in this way */
function access(path: string, mode: number, where: string, expected: string): string[] {
  try {
    accessSync(path, mode);
    return [];
  } catch (error) {
    return [`${where}: ${path} cannot be used (${reasonOf(error)}), expected ${expected}`];
  }
}
