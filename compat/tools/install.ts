import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorCode, FerrymanError } from '../../src/errors.ts';
import { tools } from './index.ts';

/** A file that is none of ours would be overwritten. */
export class InstallError extends FerrymanError {
  override name = 'InstallError';
}

const EXECUTABLE = 0o755;

/** Stands in each launcher, so that a second installation knows its own files. */
const MARK = '# One of the commands of Mailman 2.1, carried out by Ferryman.';

/**
 * Writes small programs named as in Mailman 2.1's bin directory into a folder, which is made where it is missing.
 * @param configFile what `-C` names for all of them
 * @returns their paths
 */
export function installTools(folder: string, configFile: string | undefined): string[] {
  mkdirSync(folder, { recursive: true });
  const paths = tools.map(({ name }) => join(folder, name));
  for (const path of paths) refuseForeign(path);
  const program = launcher('mailman');
  const options = configFile === undefined ? '' : ` -C ${shellQuoted(configFile)}`;
  for (const { name } of tools) {
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/sh\n${MARK}\nexec ${shellQuoted(program)}${options} legacy ${name} "$@"\n`);
    chmodSync(path, EXECUTABLE);
  }
  return paths;
}

/**
 * Writes the program that old aliases pipe mail to, `mailman`, into a folder, which is made where it is missing.
 * @returns its path
 */
export function installWrapper(folder: string, configFile: string | undefined): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'mailman');
  refuseForeign(path);
  const options = configFile === undefined ? '' : ` -C ${shellQuoted(configFile)}`;
  writeFileSync(path, `#!/bin/sh\n${MARK}\nexec ${shellQuoted(launcher('mail-wrapper'))}${options} "$@"\n`);
  chmodSync(path, EXECUTABLE);
  return path;
}

function refuseForeign(path: string): void {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  if (!text.includes(MARK))
    throw new InstallError(`${path} is there already and none of ours; choose another folder`);
}

/** bin/ lies two folders above the sources and three above what is built from them. */
function launcher(name: 'mailman' | 'mail-wrapper'): string {
  for (const folder of ['../../bin/', '../../../bin/']) {
    const file = fileURLToPath(new URL(folder + name, import.meta.url));
    try {
      readFileSync(file);
      return file;
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
    }
  }
  return name;
}

function shellQuoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
