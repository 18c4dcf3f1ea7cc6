import { randomInt } from 'node:crypto';
import { defineConfig } from 'vitest/config';

/** Says which values the property tests try; FERRYMAN_SEED may be another number, or `random`. */
const USUAL_SEED = 2101;

const { FERRYMAN_SEED: wanted, FERRYMAN_RUNS: factor = '1' } = process.env;
const seed = wanted === 'random' ? randomInt(2 ** 31) : Number(wanted ?? USUAL_SEED);
if (!Number.isSafeInteger(seed)) throw new Error('FERRYMAN_SEED is a number or "random"');
if (!(Number(factor) > 0)) throw new Error('FERRYMAN_RUNS is a number above 0');
if (wanted === 'random') process.stdout.write(`FERRYMAN_SEED=${seed}\n`);

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/servers.ts'],
    setupFiles: ['test/support/properties.ts'],
    env: { FERRYMAN_SEED: String(seed), PYTHONHASHSEED: '0' },
    reporters: ['default', './test/support/closing-line.ts'],
    testTimeout: 180_000 * Math.max(1, Number(factor)),
    hookTimeout: 240_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
