import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freeLockOfDead, ListLockError, takeListLock } from '../../../migrate/mailman2/list-lock.ts';
import { replaceFile } from '../../../migrate/mailman2/write-list.ts';

const PYTHON = '/usr/bin/python3';
const MAILMAN = fileURLToPath(new URL('list-lock.py', import.meta.url));

let varDir: string;
const locks = (): string[] => readdirSync(join(varDir, 'locks')).sort();
const lockFile = (): string => join(varDir, 'locks', 'ant.lock');

beforeEach(() => {
  varDir = mkdtempSync(join(tmpdir(), 'ferryman-lock-'));
  mkdirSync(join(varDir, 'locks'));
});

afterEach(() => rmSync(varDir, { recursive: true }));

function mailman(...parameters: readonly string[]): ChildProcess {
  return spawn(PYTHON, [MAILMAN, varDir, 'ant', ...parameters], { stdio: ['pipe', 'pipe', 'inherit'] });
}

function saidBy(child: ChildProcess, word: string): Promise<void> {
  return new Promise((resolve) => {
    child.stdout?.on('data', (text) => {
      if (String(text).includes(word)) resolve();
    });
  });
}

test('the files are those of Mailman', async () => {
  const lock = await takeListLock(varDir, 'ant', { lifetime: 100 });
  const claim = readFileSync(lockFile(), 'utf8');
  expect(claim).toMatch(/ant\.lock\.[^/]+\.\d+\.\d+$/);
  expect(claim.startsWith(`${lockFile()}.${hostname()}.${process.pid}.`)).toBe(true);
  const { nlink, mtimeMs, ino, mode } = statSync(lockFile());
  expect(mode & 0o777).toBe(0o664);
  expect(nlink).toBe(2);
  expect(statSync(claim).ino).toBe(ino);
  expect(mtimeMs / 1000 - Date.now() / 1000).toBeGreaterThan(95);
  lock.release();
  expect(locks()).toEqual([]);
});

test('one that Mailman holds is waited for, and taken when it is free', async () => {
  const holder = mailman('asked');
  await saidBy(holder, 'held');
  let hasIt = false;
  const taking = takeListLock(varDir, 'ant').then((lock) => {
    hasIt = true;
    return lock;
  });
  await sleep(300);
  expect(hasIt).toBe(false);
  const gone = once(holder, 'exit');
  holder.stdin?.end();
  (await taking).release();
  await gone;
  expect(locks()).toEqual([]);
});

test('Mailman waits for ours', async () => {
  const lock = await takeListLock(varDir, 'ant');
  const waiting = mailman('0');
  let hasIt = false;
  const got = saidBy(waiting, 'held').then(() => {
    hasIt = true;
  });
  await sleep(400);
  expect(hasIt).toBe(false);
  lock.refresh();
  lock.release();
  await got;
  if (waiting.exitCode === null) await once(waiting, 'exit');
  expect(locks()).toEqual([]);
});

test('one that stays taken is an error that says who has it, and leaves nothing behind', async () => {
  const holder = mailman('20');
  await saidBy(holder, 'held');
  await expect(takeListLock(varDir, 'ant', { timeout: 0.2 })).rejects.toThrow(
    `was not free for 0.2 s (held by ${lockFile()}.${hostname()}.${holder.pid}.0)`,
  );
  expect(locks()).toEqual(['ant.lock', `ant.lock.${hostname()}.${holder.pid}.0`]);
  holder.kill('SIGKILL');
});

test('where the folder for it is missing, that is said', async () => {
  const absent = join(varDir, 'absent');
  await expect(takeListLock(absent, 'ant')).rejects.toThrow(
    `The lock ${absent}/locks/ant.lock of Mailman 2 cannot be taken (no such file or directory)`,
  );
});

test('one of a process that died is broken when its time is over, with the slop that Mailman allows', async () => {
  const holder = mailman('die', '1');
  await once(holder, 'exit');
  await expect(takeListLock(varDir, 'ant', { timeout: 0.3 })).rejects.toThrow(ListLockError);
  const past = Date.now() / 1000 - 12;
  utimesSync(lockFile(), past, past);
  const lock = await takeListLock(varDir, 'ant', { timeout: 60 });
  lock.release();
  expect(locks()).toEqual([]);
});

test('a lock file that names something else makes nobody remove it', async () => {
  const precious = join(varDir, 'precious');
  writeFileSync(precious, 'kept');
  writeFileSync(lockFile(), precious);
  utimesSync(lockFile(), 1, 1);
  (await takeListLock(varDir, 'ant', { timeout: 60 })).release();
  expect(readFileSync(precious, 'utf8')).toBe('kept');
});

test('one that was broken is noticed, and what others hold now stays theirs', async () => {
  const lock = await takeListLock(varDir, 'ant');
  rmSync(lockFile());
  const other = await takeListLock(varDir, 'ant');
  expect(() => lock.refresh()).toThrow(ListLockError);
  expect(() => lock.release()).toThrow(ListLockError);
  other.refresh();
  other.release();
  expect(locks()).toEqual([]);
});

test('with Mailman in between, none of 300 changes is lost', async () => {
  const file = join(varDir, 'number');
  writeFileSync(file, '0');
  const peers = [mailman('count', file, '100'), mailman('count', file, '100')];
  for (let round = 0; round < 100; round++) {
    const lock = await takeListLock(varDir, 'ant');
    const value = Number(readFileSync(file, 'utf8'));
    await sleep(1);
    writeFileSync(file, String(value + 1));
    lock.release();
  }
  for (const peer of peers) if (peer.exitCode === null) await once(peer, 'exit');
  expect(readFileSync(file, 'utf8')).toBe('300');
  expect(locks()).toEqual([]);
}, 120_000);

test('what a killed process held is freed at once, and nothing of anybody else', async () => {
  const script = `
    import { takeListLock } from '${new URL('../../../migrate/mailman2/list-lock.ts', import.meta.url)}';
    await takeListLock(process.argv[1], 'ant');
    console.log('taken');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, varDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await saidBy(child, 'taken');
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  const pid = child.pid ?? 0;
  expect(freeLockOfDead(varDir, 'ant', pid + 1)).toBe(false);
  expect(locks()).toHaveLength(2);
  expect(freeLockOfDead(varDir, 'ant', pid)).toBe(true);
  expect(locks()).toEqual([]);
  expect(freeLockOfDead(varDir, 'ant', pid)).toBe(false);
});

test('a lock that is out of date takes no file of another folder along', async () => {
  const precious = join(varDir, 'precious');
  writeFileSync(precious, '');
  mkdirSync(`${lockFile()}.x`);
  writeFileSync(lockFile(), `${lockFile()}.x/../../precious`);
  utimesSync(lockFile(), 1000, 1000);
  const lock = await takeListLock(varDir, 'ant', { timeout: 20 });
  lock.release();
  expect(existsSync(precious)).toBe(true);
  mkdirSync(`${lockFile()}.${hostname()}.7.x`);
  writeFileSync(lockFile(), `${lockFile()}.${hostname()}.7.x/../../precious`);
  expect(freeLockOfDead(varDir, 'ant', 7)).toBe(false);
  expect(existsSync(precious)).toBe(true);
});

test('a link that lies where a file is to be written is replaced, not followed', () => {
  const folder = join(varDir, 'lists', 'ant');
  mkdirSync(folder, { recursive: true });
  const precious = join(varDir, 'precious');
  writeFileSync(precious, 'precious');
  const path = join(folder, 'digest.mbox');
  symlinkSync(precious, `${path}.tmp.${process.pid}`);
  replaceFile(path, Buffer.from('new'), folder);
  expect([readFileSync(path, 'utf8'), readFileSync(precious, 'utf8')]).toEqual(['new', 'precious']);
  expect(lstatSync(path).isFile()).toBe(true);
});
