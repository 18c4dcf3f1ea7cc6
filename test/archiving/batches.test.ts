import { expect, test } from 'vitest';
import { Batches } from '../../src/archiving/batches.ts';

test('what comes together, and while a batch is at work, is done together', async () => {
  const done: string[][] = [];
  const release: (() => void)[] = [];
  const batches = new Batches<string>(
    (items) => {
      done.push([...items]);
      return new Promise((resolve) => release.push(resolve));
    },
    () => 1,
  );
  const first = [batches.add('a'), batches.add('b')];
  await expect.poll(() => done).toEqual([['a', 'b']]);
  const second = [batches.add('c'), batches.add('d'), batches.add('e')];
  release[0]?.();
  await Promise.all(first);
  await expect
    .poll(() => done)
    .toEqual([
      ['a', 'b'],
      ['c', 'd', 'e'],
    ]);
  release[1]?.();
  await Promise.all(second);
});

test('an item that cannot be done fails alone', async () => {
  const kept: string[] = [];
  const batches = new Batches<string>(
    async (items) => {
      if (items.includes('bad')) throw new Error('no');
      kept.push(...items);
    },
    () => 1,
  );
  const results = await Promise.allSettled(['a', 'bad', 'b'].map((item) => batches.add(item)));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(kept).toEqual(['a', 'b']);
  await batches.add('c');
  expect(kept).toEqual(['a', 'b', 'c']);
});

test('large items are not done with others, and no batch has more than 64', async () => {
  const done: number[][] = [];
  const batches = new Batches<number>(
    async (items) => void done.push([...items]),
    (size) => size,
  );
  await Promise.all([10, 900_000, 2_000_000, 600_000, 600_000].map((size) => batches.add(size)));
  expect(done).toEqual([[10, 900_000], [2_000_000], [600_000], [600_000]]);
  done.length = 0;
  await Promise.all(Array.from({ length: 130 }, () => batches.add(1)));
  expect(done.map(({ length }) => length)).toEqual([64, 64, 2]);
});
