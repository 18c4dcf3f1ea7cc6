import { readFileSync } from 'node:fs';

/** What the processors of the machine have done since it started, in clock ticks. */
interface Ticks {
  readonly all: number;
  readonly idle: number;
}

/** Runs `work`. @returns which part of the processors' time nobody had a use for meanwhile */
export async function idleShare(work: () => Promise<void>): Promise<number> {
  const before = ticks();
  await work();
  const after = ticks();
  return (after.idle - before.idle) / Math.max(1, after.all - before.all);
}

/** The first line of /proc/stat; its fourth and fifth numbers are idle time and idle time that waited for a disk. */
function ticks(): Ticks {
  const [line = ''] = readFileSync('/proc/stat', 'latin1').split('\n');
  const numbers = line.trim().split(/\s+/).slice(1, 9).map(Number);
  const all = numbers.reduce((sum, number) => sum + number, 0);
  return { all, idle: (numbers[3] ?? 0) + (numbers[4] ?? 0) };
}
