import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { explanations } from './explained.ts';
import { judge } from './judge.ts';
import { recordedAnswers } from './recording.ts';
import { plannedRequests, title } from './requests.ts';
import { askFerryman, askMailman3 } from './servers.ts';

describe('beside the answers of a Mailman 3 that were recorded', () => {
  const theirs = recordedAnswers();

  test('the recording is of Mailman 3.3.8, and of this plan', () => {
    expect(theirs.version).toMatch(/^GNU Mailman 3\.3\.8 /);
    expect(theirs.answers.length).toBeGreaterThanOrEqual(400);
    expect(theirs.answers.map(({ request }) => request)).toEqual(plannedRequests().map(title));
  });

  test('no answer differs without explanation, and no explanation is idle', { timeout: 60_000 }, async () => {
    const { unexplained, used } = judge(theirs, await askFerryman());
    expect(unexplained).toEqual([]);
    expect(explanations.filter((explanation) => !used.has(explanation))).toEqual([]);
  });

  test('every explanation stands in docs/differences.md', () => {
    const documented = readFileSync(new URL('../../../docs/differences.md', import.meta.url), 'utf8');
    expect(explanations.filter((explanation) => !documented.includes(explanation.documented))).toEqual([]);
  });
});

test.runIf(process.env.CI && existsSync('/usr/lib/mailman3/bin/master'))(
  'beside a Mailman 3 that runs now',
  { timeout: 300_000 },
  async () => {
    const { unexplained } = judge(await askMailman3(), await askFerryman());
    expect(unexplained).toEqual([]);
  },
);
