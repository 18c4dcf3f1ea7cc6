import { readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf } from '../../src/config/reasons.ts';
import { FerrymanError } from '../../src/errors.ts';

/** A file of Mailman 2.1 cannot be read; the message names it and why. */
export class SourceFileError extends FerrymanError {
  override name = 'SourceFileError';
}

/** The same where the file may well be whole, but this account may not read it, or the disk does not give it. */
export class UnreadableFileError extends SourceFileError {
  override name = 'UnreadableFileError';
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
    throw new UnreadableFileError(`${path} cannot be read: ${reasonOf(error)}`);
  }
}

/** The same, undefined where there is no such file. @throws SourceFileError */
export function readIfThere(path: string): Buffer | undefined {
  return statOf(path) ? readSourceFile(path) : undefined;
}

/** The names in a folder, sorted; none where there is no such folder. @throws SourceFileError */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if (isNotThere(error)) return [];
    throw new UnreadableFileError(`${folder} cannot be listed: ${reasonOf(error)}`);
  }
}

/**
 * Size and kind of what a path leads to; undefined where that is nothing, or a link to nothing.
 * @throws SourceFileError where nobody can tell, for lack of rights above all
 */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    if (isNotThere(error)) return undefined;
    throw new UnreadableFileError(`${path} cannot be read: ${reasonOf(error)}`);
  }
}

function isNotThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && NOT_THERE.has(String(error.code));
}

const NOT_THERE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG']);

/** Octets and number of all files below a folder; links are not followed. @throws SourceFileError */
export function weigh(folder: string): { readonly bytes: number; readonly files: number } {
  let bytes = 0;
  let files = 0;
  try {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      bytes += statOf(join(entry.parentPath, entry.name))?.size ?? 0;
      files += 1;
    }
  } catch (error) {
    if (error instanceof SourceFileError) throw error;
    if (!isNotThere(error)) throw new UnreadableFileError(`${folder} cannot be read: ${reasonOf(error)}`);
  }
  return { bytes, files };
}
