import { expect, test } from 'vitest';
import { missingPostfix } from '../../peers/postfix.ts';
import { describeWhere } from '../../support/where-available.ts';
import { stress } from './stress/scenario.ts';
import { stressTable } from './stress/table.ts';

const setting = (name: string): string | undefined => process.env[`FERRYMAN_STRESS_${name}`];

const posts = Number(setting('POSTS') ?? 240);
const isFull = posts >= 2000;

describeWhere(missingPostfix(), 'lists move back and forth while mail flows and programs are killed', () => {
  // `npm run stress:cutover`
  test.skipIf(setting('POSTS') === undefined)(
    `each of ${posts} posts comes to every member exactly once`,
    async () => {
      const lines: string[] = [];
      const say = (line: string): void => {
        if (isFull) process.stdout.write(`${line}\n`);
        else lines.push(line);
      };
      const report = await stress({
        ...{ posts, say },
        rate: Number(setting('RATE') ?? (isFull ? 20 : 10)),
        lists: isFull ? 4 : 2,
        members: isFull ? 25 : 10,
        killEvery: isFull ? 12 : 6,
        seed: setting('SEED') ?? 'river',
        keep: setting('KEEP'),
      });
      process.stdout.write(`${[...lines, ...stressTable(report)].join('\n')}\n`);
      const { lost, stray, unexplained, steps } = report;
      expect({ lost, stray, unexplained }).toEqual({ lost: [], stray: [], unexplained: [] });
      expect([...steps.keys()].sort()).toEqual(['back', 'finish', 'lead', 'observe', 'rollback', 'share']);
    },
    isFull ? 1_800_000 : 400_000,
  );
});
