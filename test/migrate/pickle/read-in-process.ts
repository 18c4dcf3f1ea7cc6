import { existsSync, readFileSync } from 'node:fs';
import { PickleError } from '../../../migrate/pickle/errors.ts';
import { readPickles } from '../../../migrate/pickle/reader.ts';

/** Reads the pickle file named on the command line in a process of its own, and reports what that took. */
export interface Reading {
  error: string | null;
  offset: number | null;
  size: number;
  milliseconds: number;
  megabytes: number;
}

const bytes = readFileSync(process.argv[2] ?? '');
const before = process.cpuUsage();
let failure: PickleError | undefined;
try {
  readPickles(bytes);
} catch (error) {
  if (!(error instanceof PickleError)) throw error;
  failure = error;
}
const { user, system } = process.cpuUsage(before);
const reading: Reading = {
  error: failure?.message ?? null,
  offset: failure?.offset ?? null,
  size: bytes.length,
  milliseconds: (user + system) / 1000,
  megabytes: peakMegabytes(),
};
process.stdout.write(JSON.stringify(reading));

/** The kernel hands the peak of the parent down to `resourceUsage` of its child, but not to VmHWM. */
function peakMegabytes(): number {
  const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'latin1') : '';
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return (peak === undefined ? process.resourceUsage().maxRSS : Number(peak)) / 1024;
}
