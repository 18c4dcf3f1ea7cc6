import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { openDatabase } from '../../src/database/connection.ts';
import type { Database } from '../../src/database/handle.ts';
import { countEntries } from '../../src/database/queue-entries.ts';
import { QueueEngine } from '../../src/queue/engine.ts';
import { testServices } from '../support/services.ts';

/** With SQLite a message is accepted when the log of the database is on disk, not when it was written. */

type Done = (error: Error | null) => void;

const disk = vi.hoisted(() => ({ isHeld: false, isBroken: false, waiting: [] as (() => void)[] }));

vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>();
  const fdatasync = (descriptor: number, done: Done): void => {
    if (disk.isBroken) done(Object.assign(new Error('EIO: i/o error'), { code: 'EIO' }));
    else if (disk.isHeld) disk.waiting.push(() => real.fdatasync(descriptor, done));
    else real.fdatasync(descriptor, done);
  };
  return { ...real, default: { ...real, fdatasync }, fdatasync };
});

const HELLO = Buffer.from('Subject: hello\r\n\r\nHello.\r\n');

let folder: string;
let database: Database;
let other: Database;
let engine: QueueEngine;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ferryman-disk-'));
  const url = `sqlite:///${join(folder, 'lists.db')}`;
  database = await openDatabase(url);
  other = await openDatabase(url);
  engine = new QueueEngine(testServices(database), { processors: {} }, 'test');
  await engine.start();
});

afterEach(() => {
  disk.isHeld = false;
  disk.isBroken = false;
});

afterAll(async () => {
  await engine.stop();
  await other.close();
  await database.close();
  rmSync(folder, { recursive: true });
});

test('nobody hears that a message is accepted before it is on disk', async () => {
  disk.isHeld = true;
  let isAccepted = false;
  const accepted = engine.accept('in', HELLO, { listid: 'ant.example.com' }).then(() => {
    isAccepted = true;
  });
  await expect.poll(() => countEntries(other.connection)).toEqual(new Map([['in', 1]]));
  await expect.poll(() => disk.waiting.length).toBeGreaterThan(0);
  expect(isAccepted).toBe(false);
  disk.isHeld = false;
  for (const goOn of disk.waiting.splice(0)) goOn();
  await accepted;
});

test('a message that the disk does not take is not accepted', async () => {
  disk.isBroken = true;
  await expect(engine.accept('in', HELLO, { listid: 'ant.example.com' })).rejects.toThrow();
});
