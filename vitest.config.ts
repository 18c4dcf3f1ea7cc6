import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

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
  'test/web/living.test.ts',
];

export default defineConfig({
  test: {
    globalSetup: ['test/support/servers.ts'],
    reporters: ['default', './test/support/closing-line.ts'],
    testTimeout: 180_000,
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
