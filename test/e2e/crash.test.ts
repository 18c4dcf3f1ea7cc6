import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { crashAgainAndAgain } from '../../bench/crash/scenario.ts';

const folder = mkdtempSync(join(tmpdir(), 'ferryman-crash-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `npm run crash` does the same with more posts, and with PostgreSQL. */
test.each([
  ['killed', 'SIGKILL', 3],
  ['stopped', 'SIGTERM', 2],
] as const)(
  'a server that is %s under load loses nothing, and repeats only what was in flight',
  async (how, signal, ends) => {
    const moments = [0.3, 0.7, 0.5];
    const report = await crashAgainAndAgain({
      program: fileURLToPath(new URL('../..', import.meta.url)),
      folder: join(folder, how),
      posts: 60,
      members: 30,
      signal,
      ends,
      settings: ['max_recipients: 7'],
      moment: () => moments.shift() ?? 0.5,
    });
    expect(report).toMatchObject({ ends, lost: 0, unexplained: 0, stuck: 0 });
    // Two seconds on a machine that has nothing else to do.
    expect(Math.max(...report.firstDelivery)).toBeLessThan(5000);
    if (signal === 'SIGTERM') expect(report).toMatchObject({ inFlight: 0, repeated: 0 });
  },
);
