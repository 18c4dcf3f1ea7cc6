import { readFileSync } from 'node:fs';
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
  megabytes: process.resourceUsage().maxRSS / 1024,
};
process.stdout.write(JSON.stringify(reading));
