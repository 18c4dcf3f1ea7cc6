import { globSync, readFileSync } from 'node:fs';
import { Parser } from 'pickleparser';
import { expect, test } from 'vitest';
import { readPickle } from '../../../migrate/pickle/reader.ts';
import { type PickleValue, PyBytes, PyDict } from '../../../migrate/pickle/values.ts';

/**
 * The npm package pickleparser as an independent second reader, where it is right: member addresses in ASCII, and
 * whole numbers and booleans. It cannot tell a float from an int or bytes from text.
 */

const SITE = new URL('../../../fixtures/mailman21', import.meta.url).pathname;
const files = globSync('lists/*/config.pck', { cwd: SITE }).filter(
  (file) => !/truncated|broken-last/.test(file),
);

function textOf(value: PickleValue | undefined): string {
  if (value instanceof PyBytes) return value.latin1;
  return typeof value === 'string' ? value : '';
}

function mapOf(value: unknown): Map<unknown, unknown> {
  return value instanceof Map ? value : new Map();
}

test.each(files)('%s: the same members and numbers', (file) => {
  const bytes = readFileSync(`${SITE}/${file}`);
  const other = mapOf(new Parser({ unpicklingTypeOfDictionary: 'Map' }).parse(bytes));
  const ours = readPickle(bytes);
  if (!(ours instanceof PyDict)) throw new Error('no dict');
  expect(ours.keys.map(textOf)).toEqual([...other.keys()]);
  for (const name of ['members', 'digest_members', 'user_options', 'language', 'passwords']) {
    const dict = ours.get(name);
    if (!(dict instanceof PyDict)) throw new Error(`no ${name}`);
    expect(dict.keys.map(textOf)).toEqual([...mapOf(other.get(name)).keys()]);
  }
  const simple = [...ours].filter(([, value]) => typeof value === 'number' || typeof value === 'boolean');
  expect(simple.length).toBeGreaterThan(50);
  expect(simple.map(([, value]) => value)).toEqual(simple.map(([key]) => other.get(textOf(key))));
});
