import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { deliberate } from './deliberate.ts';
import { type ComparedCase, playAll } from './run.ts';
import { type JudgedDifference, judge, summary, unseen } from './table.ts';

/** 376 mails, moderator actions and scheduled jobs at a real Mailman 2.1 site, played through Ferryman. */

let cases: ComparedCase[];
let differences: JudgedDifference[];

beforeAll(async () => {
  cases = await playAll();
  differences = judge(cases);
});

test('every case is equal in all that is compared, or different on purpose', () => {
  const mistakes = differences.filter(({ meant }) => !meant);
  expect(mistakes, summary(cases, differences).join('\n')).toEqual([]);
  expect(cases).toHaveLength(376);
});

test('every deliberate difference is seen', () => {
  expect(unseen(differences)).toEqual([]);
});

test('every deliberate difference is explained to people', () => {
  const document = readFileSync(new URL('../../docs/differences.md', import.meta.url), 'utf8');
  expect(deliberate.map(({ documented }) => documented).filter((words) => !document.includes(words))).toEqual(
    [],
  );
});
