import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { HOSTILE } from './hostile.ts';
import type { Reading } from './read-in-process.ts';

const directory = mkdtempSync(join(tmpdir(), 'ferryman-pickle-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** Those that are large but sound; all others must be refused. */
const SOUND = new Set([
  'one MARK with 900,000 strings',
  'a million keys',
  'a string of 20 million escapes',
  'a text of 5 million escapes',
  'memo numbers far apart',
  'half a million memo numbers',
]);

test.each(Object.entries(HOSTILE))('%s: done within a second and 256 MB', { retry: 2 }, (name, bytes) => {
  const file = join(directory, 'hostile.pck');
  writeFileSync(file, bytes());
  const script = new URL('read-in-process.ts', import.meta.url).pathname;
  const reading = JSON.parse(execFileSync(process.execPath, [script, file], { encoding: 'utf8' })) as Reading;
  expect(reading.milliseconds).toBeLessThan(1000);
  expect(reading.megabytes).toBeLessThan(256);
  if (SOUND.has(name)) {
    expect(reading.error).toBeNull();
  } else {
    expect(reading.error).toMatch(/^Pickle, byte \d+: [^\n]{10,200}$/);
    expect(reading.offset).toBeLessThanOrEqual(reading.size);
  }
});
