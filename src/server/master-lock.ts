import { chmodSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { errorCode, FerrymanError } from '../errors.ts';
import { isAlive, processStart } from './process-identity.ts';

/** Another master is in charge, or may be. The message is Mailman's. Exit status 2. */
export class MasterLockError extends FerrymanError {
  override name = 'MasterLockError';
}

/** In what state a server is, from its lock file. */
export type MasterState =
  | { readonly state: 'stopped' }
  | { readonly state: 'running' | 'stale'; readonly pid: number }
  | { readonly state: 'elsewhere'; readonly host: string };

const RUNNING = 'GNU Mailman is already running';
const ELSEWHERE = 'A previous run of GNU Mailman did not exit cleanly (host_mismatch).  Try using --force';

/** Everybody may see whether a server runs: `mailman status` is asked by what watches over machines. */
const READABLE = 0o644;

/** What file systems say that know one name for a file only. */
const NO_LINKS: readonly string[] = ['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'];

/** Looks at the lock file of a server. */
export function masterState(lockFile: string): MasterState {
  let content: string;
  try {
    content = readFileSync(lockFile, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { state: 'stopped' };
    throw error;
  }
  // A power failure takes the content of a file that was just written; a lock is never there without it otherwise.
  if (content.replaceAll('\0', '').trim() === '') return { state: 'stale', pid: 0 };
  const [host = '', number = '', start = ''] = content.trim().split('|');
  const pid = Number(number);
  if (host !== hostname()) return { state: 'elsewhere', host };
  if (!Number.isSafeInteger(pid) || pid < 1 || !isAlive(pid)) return { state: 'stale', pid };
  const isSame = start === '' || processStart(pid) === undefined || processStart(pid) === start;
  return { state: isSame ? 'running' : 'stale', pid };
}

/**
 * Makes this process the master. A lock whose process has died is taken over: that it died is certain.
 * @param force also takes over the lock of another host
 * @returns what gives the lock and the pid file up
 * @throws MasterLockError
 */
export function takeMasterLock(lockFile: string, pidFile: string, force: boolean): () => void {
  const found = masterState(lockFile);
  if (found.state === 'running') throw new MasterLockError(RUNNING);
  if (found.state === 'elsewhere' && !force) throw new MasterLockError(ELSEWHERE);
  if (found.state !== 'stopped') setAside(lockFile, readFileSync(lockFile, 'utf8'));
  const content = `${hostname()}|${process.pid}|${processStart(process.pid) ?? ''}\n`;
  try {
    putLock(lockFile, content);
  } catch (error) {
    // Somebody else was quicker.
    if (errorCode(error) === 'EEXIST') throw new MasterLockError(RUNNING);
    throw error;
  }
  writeFileSync(pidFile, `${process.pid}\n`);
  chmodSync(pidFile, READABLE);
  return () => {
    if (masterState(lockFile).state === 'stopped' || readFileSync(lockFile, 'utf8') !== content) return;
    rmSync(pidFile, { force: true });
    rmSync(lockFile, { force: true });
  };
}

/** Puts a lock in its place with its content, all at once. Throws EEXIST where there is one. */
function putLock(lockFile: string, content: string): void {
  const own = `${lockFile}.${process.pid}.new`;
  writeFileSync(own, content);
  try {
    chmodSync(own, READABLE);
    linkSync(own, lockFile);
  } catch (error) {
    if (!NO_LINKS.includes(errorCode(error) ?? '')) throw error;
    writeFileSync(lockFile, content, { flag: 'wx' });
    chmodSync(lockFile, READABLE);
  } finally {
    rmSync(own, { force: true });
  }
}

/** Removes a stale lock. Another process may do the same at this moment and have put its own in the place already. */
function setAside(lockFile: string, stale: string): void {
  const aside = `${lockFile}.${process.pid}`;
  try {
    renameSync(lockFile, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  if (readFileSync(aside, 'utf8') === stale) {
    rmSync(aside);
    return;
  }
  renameSync(aside, lockFile);
  throw new MasterLockError(RUNNING);
}
