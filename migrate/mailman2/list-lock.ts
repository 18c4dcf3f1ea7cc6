import {
  chmodSync,
  linkSync,
  lstatSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf } from '../../src/config/reasons.ts';
import { errorCode, FerrymanError } from '../../src/errors.ts';

/** A lock of Mailman 2 that was not to be had in time, or was lost. */
export class ListLockError extends FerrymanError {
  override name = 'ListLockError';
}

/** What may be set when a lock is taken; all times in seconds. */
export interface LockOptions {
  /** How long to wait for it. */
  readonly timeout?: number;
  /** After which Mailman 2 may break it, should this process die with it. */
  readonly lifetime?: number;
}

/** A lock of Mailman 2 that this process holds. */
export interface ListLock {
  /** Takes a new lifetime; at the same time the test whether it is still ours. @throws ListLockError where it was broken */
  refresh(): void;
  /** @throws ListLockError where it was broken: then somebody else may have written meanwhile */
  release(): void;
}

/** Mailman's waiters allow for clocks that differ, in seconds. */
const CLOCK_SLOP = 10;

/** Short beside Mailman's own five hours: a dead Ferryman must not stop a list for long. */
const LIFETIME = 60;

/** Between two tries, in milliseconds. */
const SHORTEST_PAUSE = 10;
const PAUSE_SPREAD = 90;

/** Mailman's group writes the files in `locks` too. */
const MODE = 0o664;

let claims = 0;

/**
 * Takes the lock of a list in the way of Mailman 2.1: a file of one's own is linked to the common name, which is held by
 * whoever's path it contains, while it has two links, until its time of modification is past. A lock that is out of date is
 * broken, as Mailman does.
 * @param varDir Mailman 2's var directory, absolute, spelled as Mailman 2 does
 * @throws ListLockError where it cannot be had in time, or its directory is missing, closed, or cannot have links
 */
export async function takeListLock(
  varDir: string,
  list: string,
  { timeout = 30, lifetime = LIFETIME }: LockOptions = {},
): Promise<ListLock> {
  const name = join(varDir, 'locks', `${list}.lock`);
  const claim = `${name}.${hostname()}.${process.pid}.${claims++}`;
  const until = performance.now() + timeout * 1000;
  try {
    for (;;) {
      layClaim(claim, lifetime);
      if (tryLink(claim, name)) {
        touch(claim, lifetime);
        return heldLock(name, claim, lifetime);
      }
      if (performance.now() > until) {
        throw new ListLockError(
          `The lock ${name} of Mailman 2 was not free for ${timeout} s (held by ${ownerOf(name) ?? 'nobody any more'})`,
        );
      }
      breakIfStale(name, lifetime);
      await sleep(SHORTEST_PAUSE + Math.random() * PAUSE_SPREAD);
    }
  } catch (error) {
    removeClaim(claim);
    if (error instanceof ListLockError) throw error;
    throw new ListLockError(
      `The lock ${name} of Mailman 2 cannot be taken (${reasonOf(error)}): its folder has to be one that the account of Mailman 2 can write to, and make links in`,
    );
  }
}

/** In a folder that is closed there is none. */
function removeClaim(claim: string): void {
  try {
    rmSync(claim, { force: true });
  } catch {}
}

/**
 * Frees the lock of a list that a process of this host held when it was killed; one of anybody else stays.
 * @returns whether there was one
 */
export function freeLockOfDead(varDir: string, list: string, pid: number): boolean {
  const name = join(varDir, 'locks', `${list}.lock`);
  const claim = ownerOf(name);
  if (!claim?.startsWith(`${name}.${hostname()}.${pid}.`) || !isBeside(claim, name)) return false;
  rmSync(name, { force: true });
  rmSync(claim, { force: true });
  return true;
}

function heldLock(name: string, claim: string, lifetime: number): ListLock {
  const prove = (): void => {
    if (!isOurs(name, claim)) {
      throw new ListLockError(`The lock ${name} of Mailman 2 was broken while it was held here`);
    }
  };
  return {
    refresh: () => {
      prove();
      touch(claim, lifetime);
    },
    release: () => {
      try {
        prove();
        rmSync(name, { force: true });
      } finally {
        rmSync(claim, { force: true });
      }
    },
  };
}

/** What a lock names is written by whoever may write in `locks`. */
function isBeside(path: string, name: string): boolean {
  return dirname(path) === dirname(name) && join(path) === path;
}

function layClaim(claim: string, lifetime: number): void {
  // Made anew: a link that somebody left under this name would lead elsewhere.
  rmSync(claim, { force: true });
  writeFileSync(claim, claim, { mode: MODE, flag: 'wx' });
  // The umask of a server is narrower.
  chmodSync(claim, MODE);
  touch(claim, lifetime);
}

function touch(claim: string, lifetime: number): void {
  const until = Date.now() / 1000 + lifetime;
  utimesSync(claim, until, until);
}

function tryLink(claim: string, name: string): boolean {
  try {
    linkSync(claim, name);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST') || isCode(error, 'ENOENT')) return false;
    throw error;
  }
}

function isOurs(name: string, claim: string): boolean {
  try {
    return lstatSync(name).nlink === 2 && readFileSync(name, 'utf8') === claim;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return false;
    throw error;
  }
}

/**
 * Removes a lock whose time is over. Its time is renewed first, so that no other waiter does the same at the same moment;
 * one that has gone meanwhile is nobody's to break.
 */
function breakIfStale(name: string, lifetime: number): void {
  try {
    if (Date.now() / 1000 <= Math.floor(statSync(name).mtimeMs / 1000) + CLOCK_SLOP) return;
    const until = Date.now() / 1000 + lifetime;
    try {
      utimesSync(name, until, until);
    } catch (error) {
      // Only the owner of the file may, and the superuser.
      if (!isCode(error, 'EPERM')) throw error;
    }
    const winner = readFileSync(name, 'utf8');
    rmSync(name);
    // What stands in the file is a path beside it, or nothing that is to be touched.
    if (winner.startsWith(`${name}.`) && isBeside(winner, name)) rmSync(winner, { force: true });
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
  }
}

function ownerOf(name: string): string | undefined {
  try {
    return readFileSync(name, 'utf8').slice(0, 500);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return errorCode(error) === code;
}
