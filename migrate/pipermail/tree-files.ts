import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseVolumeName } from '../../src/archiving/legacy/volumes.ts';
import { contentTypeOf } from './content-type.ts';

/** A file of the tree that nothing else stands for: an attachment that was taken out of its message, a picture. */
export interface TreeFile {
  /** Below the folder of the archive. */
  readonly path: string;
  readonly type: string;
  readonly size: number;
  /** Epoch milliseconds. */
  readonly modified: number;
  readonly read: () => Promise<Buffer>;
}

/** Attachments lie three deep. */
const MAX_DEPTH = 8;

/** More is not kept in a database. */
const LARGEST_FILE = 512 * 1024 * 1024;

/** Below the folder itself, what the archive makes anew: indexes, text files, databases. */
const MADE_ANEW = /^(?:index\.html|pipermail\.pck|.+\.txt(?:\.gz)?|.+\.lock|.+\.tmp)$/;

/**
 * All files that are to be kept as they are, pages and databases left out. Symbolic links are not followed.
 * @param onProblem called with the path of what cannot be read, and why
 */
export async function* treeFiles(
  root: string,
  onProblem: (path: string, problem: string) => void,
): AsyncGenerator<TreeFile> {
  yield* filesBelow(root, '', 0, onProblem);
}

async function* filesBelow(
  root: string,
  folder: string,
  depth: number,
  onProblem: (path: string, problem: string) => void,
): AsyncGenerator<TreeFile> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => undefined);
  if (!entries) return onProblem(folder, 'cannot be read');
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (depth === 0 && isMadeAnew(entry.name)) continue;
    if (entry.isDirectory()) {
      if (depth < MAX_DEPTH) yield* filesBelow(root, path, depth + 1, onProblem);
      else onProblem(path, 'folders nested too deep');
    } else if (entry.isFile()) {
      const file = await fileAt(root, path);
      if (file && file.size <= LARGEST_FILE) yield file;
      else onProblem(path, file ? 'too large' : 'cannot be read');
    } else {
      onProblem(path, 'neither a file nor a folder');
    }
  }
}

function isMadeAnew(name: string): boolean {
  return name === 'database' || MADE_ANEW.test(name) || parseVolumeName(name) !== undefined;
}

/** One file of the tree by its path; undefined where there is none. A link is none: it may lead to what is nobody's to read. */
export async function fileAt(root: string, path: string): Promise<TreeFile | undefined> {
  const full = join(root, path);
  const found = await lstat(full).catch(() => undefined);
  if (!found?.isFile()) return undefined;
  return {
    path,
    type: contentTypeOf(path),
    size: found.size,
    modified: Math.trunc(found.mtimeMs),
    read: () => readFile(full),
  };
}
