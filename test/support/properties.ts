import fc from 'fast-check';

/** How many times as many values as usual are tried: `FERRYMAN_RUNS`, 1 as a rule. */
const factor = Number(process.env.FERRYMAN_RUNS ?? 1);

/** `count` values of a property in a usual run, more of them where somebody looks for bugs. */
export function runs(count: number): number {
  return Math.ceil(count * factor);
}

if (process.env.FERRYMAN_SEED === undefined) throw new Error('vitest.config.ts sets FERRYMAN_SEED');
fc.configureGlobal({ seed: Number(process.env.FERRYMAN_SEED), numRuns: runs(100) });
