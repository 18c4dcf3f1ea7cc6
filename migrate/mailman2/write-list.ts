import {
  closeSync,
  existsSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { ListLock } from './list-lock.ts';

/** The files of a list, as export21 makes them: `config.pck`, `request.pck`, `pending.pck`, `data/heldmsg-…`. */
export type ListFiles = ReadonlyMap<string, Buffer>;

const MODE = 0o660;

/**
 * Puts the files of a list into a Mailman 2.1 that runs, in the way and the order of Mailman: held messages first, then what
 * refers to them; a file is replaced as a whole, and config.pck keeps its predecessor as `.last`.
 * @param lock of this list, which is proved before anything is replaced
 * @throws ListLockError, and the system's error where the files cannot be written
 */
export function writeMailman2List(varDir: string, name: string, files: ListFiles, lock: ListLock): void {
  const folder = join(varDir, 'lists', name);
  const like = statSync(folder);
  const place = (path: string, content: Buffer, temporary: string): void => {
    const fresh = `${path}.tmp.${temporary}`;
    writeDurably(fresh, content, like);
    lock.refresh();
    renameSync(fresh, path);
  };
  for (const [path, content] of files) {
    if (path.startsWith('data/')) place(join(varDir, path), content, String(process.pid));
  }
  for (const file of ['pending.pck', 'request.pck'] as const) {
    const content = files.get(file);
    if (content) place(join(folder, file), content, String(process.pid));
  }
  const config = files.get('config.pck');
  if (!config) return;
  const path = join(folder, 'config.pck');
  const fresh = `${path}.tmp.${hostname()}.${process.pid}`;
  writeDurably(fresh, config, like);
  lock.refresh();
  rmSync(`${path}.last`, { force: true });
  if (existsSync(path)) linkSync(path, `${path}.last`);
  renameSync(fresh, path);
}

/** Replaces another file of a list, whose lock is held. @param folder of the list, whose owner and group it gets */
export function replaceFile(path: string, content: Buffer, folder: string): void {
  const fresh = `${path}.tmp.${process.pid}`;
  writeDurably(fresh, content, statSync(folder));
  renameSync(fresh, path);
}

/** Of the group of the list's folder, for Mailman 2 runs under another account. */
function writeDurably(
  path: string,
  content: Buffer,
  like: { readonly gid: number; readonly uid: number },
): void {
  // Others may write in the folder: a link that one left under this name would lead elsewhere.
  rmSync(path, { force: true });
  const handle = openSync(path, 'wx', MODE);
  try {
    for (let at = 0; at < content.length; ) at += writeSync(handle, content, at);
    fchmodSync(handle, MODE);
    // The superuser gives it to Mailman 2; others are in its group, and the folder hands that on.
    if (process.getuid?.() === 0) fchownSync(handle, like.uid, like.gid);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
