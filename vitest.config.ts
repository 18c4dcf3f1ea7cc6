import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Says which values the property tests try; FERRYMAN_SEED may be another number, or `random`. */
const USUAL_SEED = 2101;

const { FERRYMAN_SEED: wanted, FERRYMAN_RUNS: factor = '1' } = process.env;
const seed = wanted === 'random' ? randomInt(2 ** 31) : Number(wanted ?? USUAL_SEED);
if (!Number.isSafeInteger(seed)) throw new Error('FERRYMAN_SEED is a number or "random"');
if (!(Number(factor) > 0)) throw new Error('FERRYMAN_RUNS is a number above 0');
if (wanted === 'random') process.stdout.write(`FERRYMAN_SEED=${seed}\n`);

/** They say how long something takes, or how soon it comes, and so run alone, after all others. */
const timed = [
  'test/archiving/living-archive.test.ts',
  'test/compat/cutover/parity-timeline.test.ts',
  'test/e2e/crash.test.ts',
  'test/flow/hostile-time.test.ts',
  'test/fuzz/short.test.ts',
  'test/http/listening.test.ts',
  'test/message/limits.test.ts',
  'test/migrate/follow/follow-program.test.ts',
  'test/migrate/pickle/hostile-files.test.ts',
  'test/model/pattern-cost.test.ts',
  'test/mta/lmtp.test.ts',
  'test/queue/engine.test.ts',
  'test/queue/processes.test.ts',
  'test/server/posts-during-import.test.ts',
  'test/web/living.test.ts',
];

export default defineConfig({
  test: {
    globalSetup: ['test/support/servers.ts'],
    setupFiles: ['test/support/properties.ts'],
    env: { FERRYMAN_SEED: String(seed), PYTHONHASHSEED: '0' },
    reporters: ['default', './test/support/closing-line.ts'],
    testTimeout: 180_000 * Math.max(1, Number(factor)),
    hookTimeout: 240_000,
    expect: { poll: { timeout: 30_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'beside others',
          include: ['test/**/*.test.ts'],
          exclude: timed,
          // One of two processors would be left for vitest itself, which needs little.
          maxWorkers: Math.max(2, availableParallelism() - 1),
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'alone', include: timed, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
