import { existsSync, readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf } from '../../src/config/reasons.ts';
import { FerrymanError } from '../../src/errors.ts';

/** A file of Mailman 2.1 cannot be read; the message names it and why. */
export class SourceFileError extends FerrymanError {
  override name = 'SourceFileError';
}

/** Files of one list or message beyond this size are damaged or not what they seem, in octets. */
const LARGEST_FILE = 1024 * 1024 * 1024;

/** The content of a regular file. @throws SourceFileError */
export function readSourceFile(path: string): Buffer {
  const stats = statOf(path);
  if (!stats) throw new SourceFileError(`${path} does not exist`);
  if (!stats.isFile()) throw new SourceFileError(`${path} is no regular file`);
  if (stats.size > LARGEST_FILE) throw new SourceFileError(`${path} is larger than ${LARGEST_FILE} octets`);
  try {
    return readFileSync(path);
  } catch (error) {
    throw new SourceFileError(`${path} cannot be read: ${reasonOf(error)}`);
  }
}

/** The same, undefined where there is no such file. */
export function readIfThere(path: string): Buffer | undefined {
  return existsSync(path) ? readSourceFile(path) : undefined;
}

/** The names in a folder, sorted; none where there is no such folder. @throws SourceFileError */
export function namesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    throw new SourceFileError(`${folder} cannot be listed: ${reasonOf(error)}`);
  }
}

/** Size and kind of what a path leads to; undefined where that is nothing, or a link to nothing. */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Octets and number of all files below a folder; links are not followed. */
export function weigh(folder: string): { readonly bytes: number; readonly files: number } {
  let bytes = 0;
  let files = 0;
  if (!existsSync(folder)) return { bytes, files };
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    bytes += statOf(join(entry.parentPath, entry.name))?.size ?? 0;
    files += 1;
  }
  return { bytes, files };
}
