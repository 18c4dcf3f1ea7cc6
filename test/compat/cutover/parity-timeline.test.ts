import { beforeAll, expect, test } from 'vitest';
import { differenceLines, parityTable } from './parity/table.ts';
import { replayTimeline, type TimelineReplay } from './parity/timeline.ts';

/** A day at a real Mailman 2.1: 40 posts to five lists, and 30 changes of their members in between. */

let replay: TimelineReplay;

beforeAll(async () => {
  replay = await replayTimeline();
}, 120_000);

test('after each step the members here are those in Mailman 2’s file, as Python reads it', () => {
  expect(replay.steps).toHaveLength(70);
  expect(replay.steps.filter(({ differences }) => differences.length > 0)).toEqual([]);
});

test('the steps are followed within two seconds', () => {
  const times = replay.steps.map(({ tookMs }) => tookMs).toSorted((one, other) => one - other);
  // A machine with other work may keep one waiting.
  expect(times.at(Math.floor(times.length * 0.9))).toBeLessThan(2000);
});

test('both sides did the same with all posts', () => {
  expect(replay.posts).toHaveLength(40);
  const differing = replay.posts.filter(({ compared }) => compared?.state !== 'equal');
  expect(differenceLines(differing), parityTable(replay).join('\n')).toEqual([]);
  expect(replay.lists.map(({ percent, missing }) => [percent, missing])).toEqual(
    replay.lists.map(() => [100, []]),
  );
});
