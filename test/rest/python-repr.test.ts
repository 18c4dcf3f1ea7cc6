import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { withEtag } from '../../src/rest/etag.ts';
import { prettyPrint } from '../../src/rest/python-repr.ts';
import type { Resource } from '../../src/rest/values.ts';

/** Objects that are the same in JSON and in Python. */
const samples: readonly Resource[] = [
  { start: 0, total_size: 0 },
  { a: null, b: true, c: 5, d: 'it\'s "both"', e: "it's" },
  { short: 'x', long: `${'word '.repeat(40)}end`, more: ['one', 'two'] },
  { text: 'line one\nline two\r\n\ttab and a backslash \\ and some more words to fill the line well' },
  { unicode: 'Café 日本語 🐜', control: '\u0000\u001b\u007f\u00a0\u200b\ufeff' },
  { list: Array.from({ length: 30 }, (_, index) => `member${index}@example.com`) },
  { nested: { deep: { deeper: [{ a: 'b'.repeat(70) }, { c: `${'d '.repeat(60)}` }] } } },
  { unbroken: 'x'.repeat(200), blanks: `${' '.repeat(100)}y` },
];

const SCRIPT = `
import json, sys
from pprint import pformat
print(json.dumps([pformat(one) for one in json.load(sys.stdin)]))
`;

test("objects are written as Python's pprint writes them", () => {
  const { stdout, status } = spawnSync('/usr/bin/python3', ['-c', SCRIPT], {
    input: JSON.stringify(samples),
    encoding: 'utf8',
  });
  expect(status).toBe(0);
  expect(samples.map((sample) => prettyPrint(sample))).toEqual(JSON.parse(stdout));
});

test("entity tags are those that Debian's Mailman 3.3.8 gave", () => {
  const tag = (resource: Resource) => withEtag(resource).http_etag;
  expect(tag({ start: 0, total_size: 0 })).toBe('"32223434a0f3af4cdc4673d1fbc5bac1f6d98fd3"');
  expect(tag({ description: '' })).toBe('"032844772e97ae3bc6b6370249b699a1e2ae21cc"');
  expect(tag({ next_digest_number: 1, volume: 1 })).toBe('"49bf2a10a80986e240424236f474a1b8df630293"');
  expect(tag({ prototype: true })).toBe('"9423758f63b61739715495221782dd6d0581e105"');
});
