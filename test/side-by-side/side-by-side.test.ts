import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { explanations } from './explanations.ts';
import { openFerryman } from './ferryman-side.ts';
import { openMailman3 } from './mailman3-side.ts';
import { type AwkwardMail, awkwardMails } from './mails.ts';
import type { Run } from './observation.ts';
import { destinations } from './plan.ts';
import { play } from './play.ts';
import { recordedRun } from './recording.ts';
import { describe as describeDifference, judge } from './verdict.ts';

async function playFerryman(mails: readonly AwkwardMail[], theirs: Run): Promise<Run> {
  const ferryman = await openFerryman();
  return play(ferryman, mails, destinations, { theirs: theirs.observations }).finally(ferryman.close);
}

describe('beside a Mailman 3 that was recorded', () => {
  const mails = awkwardMails();
  const theirs = recordedRun();

  test('the recording is of Mailman 3.3.8 and has every mail to every destination', () => {
    expect(theirs.version).toMatch(/^GNU Mailman 3\.3\.8 /);
    expect(theirs.date).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(mails.length).toBeGreaterThanOrEqual(60);
    expect(theirs.observations.map(({ mail, list }) => `${mail} ${list}`)).toEqual(
      mails.flatMap(({ name }) => destinations.map((list) => `${name} ${list}`)),
    );
  });

  test('no difference is without explanation, and no explanation without difference', async () => {
    const { unexplained, used } = judge(theirs, await playFerryman(mails, theirs), mails);
    expect(unexplained.map(describeDifference)).toEqual([]);
    expect(explanations.filter((explanation) => !used.has(explanation))).toEqual([]);
  });

  test('every explanation stands in docs/differences.md', () => {
    const documented = readFileSync(new URL('../../docs/differences.md', import.meta.url), 'utf8');
    expect(explanations.filter((explanation) => !documented.includes(explanation.documented))).toEqual([]);
  });
});

test.runIf(process.env.CI && existsSync('/usr/lib/mailman3/bin/master'))(
  'a few mails beside a Mailman 3 that runs now',
  { timeout: 300_000 },
  async () => {
    const few = ['nested', 'pgp-mime', 'iso-2022-jp', 'dsn-rfc3464', 'no-subject', 'mixed-with-picture'];
    const mails = awkwardMails().filter(({ name }) => few.includes(name));
    const mailman = await openMailman3();
    const theirs = await play(mailman, mails, destinations).finally(mailman.close);
    const { unexplained } = judge(theirs, await playFerryman(mails, theirs), mails);
    expect(unexplained.map(describeDifference)).toEqual([]);
  },
);
