/**
 * `npm test` runs the short form, `npm run stress:cutover` the long one: 2,000 posts, 20 a second. FERRYMAN_STRESS_POSTS,
 * FERRYMAN_STRESS_RATE (a second) and FERRYMAN_STRESS_SEED (a word) say how, FERRYMAN_STRESS_KEEP is a folder for logs and the
 * database afterwards. Mailman 2 is an installed one by its directory: that of the stand-in, or MAILMAN2_DIR, of which
 * test/peers/mailman2/README.md says more.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { layStandIn } from '../../peers/mailman2/stand-in.ts';
import { missingPostfix } from '../../peers/postfix.ts';
import { describeWhere } from '../../support/where-available.ts';
import { stress } from './stress/scenario.ts';
import { stressTable } from './stress/table.ts';

const setting = (name: string): string | undefined => process.env[`FERRYMAN_STRESS_${name}`];

const posts = Number(setting('POSTS') ?? 240);
const isFull = posts >= 2000;

describeWhere(missingPostfix(), 'lists move back and forth while mail flows and programs are killed', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ferryman-stress-mailman2-'));
    if (process.env.MAILMAN2_DIR !== undefined) return;
    // Postfix calls the wrapper under another account.
    chmodSync(folder, 0o755);
    const { prefix, varDir } = layStandIn(join(folder, 'lib'), join(folder, 'var'));
    vi.stubEnv('MAILMAN2_DIR', prefix);
    vi.stubEnv('MAILMAN2_VAR_DIR', varDir);
  });

  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  test(
    `each of ${posts} posts comes to every member exactly once`,
    async () => {
      const lines: string[] = [];
      const say = (line: string): void => {
        if (isFull) process.stdout.write(`${line}\n`);
        else lines.push(line);
      };
      const report = await stress({
        ...{ posts, say, isShort: !isFull },
        rate: Number(setting('RATE') ?? (isFull ? 20 : 10)),
        lists: isFull ? 4 : 2,
        members: isFull ? 25 : 10,
        killEvery: isFull ? 12 : 6,
        mostKills: isFull ? Number.POSITIVE_INFINITY : 4,
        seed: setting('SEED') ?? 'river',
        keep: setting('KEEP'),
      });
      process.stdout.write(`${[...lines, ...stressTable(report)].join('\n')}\n`);
      const { lost, stray, unexplained, steps } = report;
      expect({ lost, stray, unexplained }).toEqual({ lost: [], stray: [], unexplained: [] });
      expect([...steps.keys()].sort()).toEqual(['back', 'finish', 'lead', 'observe', 'rollback', 'share']);
    },
    isFull ? 3_600_000 : 900_000,
  );
});
