import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { RestRun } from './side.ts';

const FILE = new URL('../../../fixtures/mailman3-rest.json.gz', import.meta.url);

/** What a real Mailman 3 answered (see fixtures/README.md). */
export function recordedAnswers(): RestRun {
  return JSON.parse(gunzipSync(readFileSync(FILE)).toString('utf8')) as RestRun;
}

export function record(run: RestRun): void {
  writeFileSync(FILE, gzipSync(JSON.stringify(run), { level: 9 }));
}
