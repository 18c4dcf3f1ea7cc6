/** Tries inputs for its parent, one batch after the other. */
import { openSync, writeSync } from 'node:fs';
import { attempt, inputOf } from './attempt.ts';
import { targets } from './targets/index.ts';

/** What to do. */
export interface Batch {
  readonly target: string;
  readonly seed: string;
  /** The number of the first input. */
  readonly from: number;
  readonly milliseconds: number;
  readonly most: number;
}

/** What came of it. */
export interface BatchReport {
  readonly count: number;
  readonly octets: number;
  readonly worst: { readonly number: number; readonly milliseconds: number };
  readonly failures: readonly { readonly number: number; readonly failure: string }[];
  /** Resident memory of the process. */
  readonly memory: number;
}

/** Says in a file which input is being read, for the parent to know if this process never speaks again. */
const progress = openSync(process.argv[2] ?? '', 'r+');
const current = Buffer.alloc(8);

process.on('message', (batch: Batch) => {
  void work(batch).then((report) => process.send?.(report));
});
process.on('disconnect', () => process.exit());

async function work({ target: name, seed, from, milliseconds, most }: Batch): Promise<BatchReport> {
  const target = targets.find((candidate) => candidate.name === name);
  if (!target) throw new Error(`There is no target ${name}`);
  const end = performance.now() + milliseconds;
  let worst = { number: from, milliseconds: 0 };
  const failures: { number: number; failure: string }[] = [];
  let octets = 0;
  let count = 0;
  for (; count < most && performance.now() < end; count += 1) {
    const number = from + count;
    current.writeDoubleLE(number);
    writeSync(progress, current, 0, 8, 0);
    const input = inputOf(target, seed, number);
    octets += input.length;
    const { milliseconds: spent, failure } = await attempt(target, input);
    if (spent > worst.milliseconds) worst = { number, milliseconds: spent };
    if (failure !== undefined) failures.push({ number, failure });
  }
  await target.close?.();
  return { count, octets, worst, failures, memory: process.memoryUsage.rss() };
}
