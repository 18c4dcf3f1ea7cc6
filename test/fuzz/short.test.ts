import { afterAll, describe, expect, test } from 'vitest';
import { attempt, inputOf } from '../../bench/fuzz/attempt.ts';
import { targets } from '../../bench/fuzz/targets/index.ts';

/** Each target gets so many inputs, or so many milliseconds, whichever ends first. */
const INPUTS = 3000;
const MILLISECONDS = 700;

const SEED = 'npm test';

afterAll(async () => {
  for (const { close } of targets) await close?.();
});

describe('generated and changed inputs are read without crash or hang (npm run fuzz tries many more)', () => {
  test.each(targets)('$name', async (target) => {
    const end = performance.now() + MILLISECONDS;
    const failures: string[] = [];
    let count = 0;
    for (; count < INPUTS && performance.now() < end; count += 1) {
      const { failure } = await attempt(target, inputOf(target, SEED, count));
      if (failure !== undefined) failures.push(`number ${count}: ${failure}`);
    }
    expect(failures).toEqual([]);
    expect(count).toBeGreaterThan(0);
  });
});

test('an input of a seed, target and number is always the same one', () => {
  for (const target of targets) {
    expect(inputOf(target, SEED, 17).equals(inputOf(target, SEED, 17))).toBe(true);
    expect(inputOf(target, SEED, 17).equals(inputOf(target, SEED, 18))).toBe(false);
  }
});
