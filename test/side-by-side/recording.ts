import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Run } from './observation.ts';

const FILE = new URL('../../fixtures/mailman3-side-by-side.json.gz', import.meta.url);

/** What a real Mailman 3 did (see fixtures/README.md). */
export function recordedRun(): Run {
  return JSON.parse(gunzipSync(readFileSync(FILE)).toString('utf8')) as Run;
}

export function record(run: Run): void {
  writeFileSync(FILE, gzipSync(JSON.stringify(run), { level: 9 }));
}
