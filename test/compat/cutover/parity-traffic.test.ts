import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { improvements } from '../../../compat/cutover/parity/improvements.ts';
import { type Replay, replayTraffic } from './parity/replay.ts';
import { DECISIONS, differenceLines, parityTable } from './parity/table.ts';

/** The posts of a real Mailman 2.1 site, looked on by this server. */

let replay: Replay;

beforeAll(async () => {
  replay = await replayTraffic();
}, 120_000);

test('Mailman 2’s logs tell of every recorded post what became of it', () => {
  const misread = replay.posts.filter(
    ({ compared, recorded }) => compared?.decision.mailman2 !== DECISIONS[recorded],
  );
  expect(misread.map(({ name, recorded, compared }) => [name, recorded, compared?.decision])).toEqual([]);
  expect(replay.posts.length).toBeGreaterThan(200);
});

test('both sides agree about every post, or differ for a documented reason', () => {
  const differing = replay.posts.filter(
    ({ compared }) => !['equal', 'improved'].includes(compared?.state ?? ''),
  );
  expect(differenceLines(differing), parityTable(replay).join('\n')).toEqual([]);
  expect(replay.lists.filter(({ percent }) => percent !== null && percent < 100)).toEqual([]);
  expect(replay.lists.flatMap(({ missing }) => missing)).toEqual([]);
});

test('most posts are equal without any reason being needed', () => {
  const equal = replay.posts.filter(({ compared }) => compared?.state === 'equal');
  expect(equal.length).toBeGreaterThan(replay.posts.length * 0.9);
});

test('what moderators approved later is compared as it went out', () => {
  const approved = replay.posts.filter(({ compared }) => compared?.moderator === 'approved');
  expect(approved.length).toBeGreaterThanOrEqual(3);
  for (const { compared } of approved) expect(compared?.compared).toContain('recipients');
});

test('every reason is explained to people', () => {
  const document = readFileSync(new URL('../../../docs/differences.md', import.meta.url), 'utf8');
  expect(improvements.filter(({ documented }) => !document.includes(documented))).toEqual([]);
});
