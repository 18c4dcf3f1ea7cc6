import { describe, expect, test } from 'vitest';
import { bumpedIssue, issueToSend } from '../../src/digests/issue.ts';
import type { ListSettings } from '../../src/model/settings/index.ts';
import { moment, sampleList } from '../database/samples.ts';

type Frequency = ListSettings['digest_volume_frequency'];

/** A list whose last digest was the fourth of volume 2. */
function lastSent(frequency: Frequency, at: string | null) {
  const list = sampleList('ant');
  return {
    ...list,
    settings: { ...list.settings, digest_volume_frequency: frequency },
    volume: 2,
    nextDigestNumber: 5,
    digestLastSentAt: at === null ? null : moment(`${at}T12:00:00Z`),
  };
}

describe('a new volume begins with a new period', () => {
  test.each<[Frequency, string, string, boolean]>([
    ['yearly', '2024-01-01', '2024-12-31', false],
    ['yearly', '2023-12-31', '2024-01-01', true],
    ['monthly', '2024-03-01', '2024-03-31', false],
    ['monthly', '2024-03-31', '2024-04-01', true],
    ['monthly', '2023-03-10', '2024-03-10', true],
    // Mailman 3 counts three quarters a year.
    ['quarterly', '2024-01-01', '2024-03-31', false],
    ['quarterly', '2024-03-31', '2024-04-01', true],
    ['quarterly', '2024-06-30', '2024-07-01', true],
    ['quarterly', '2024-08-31', '2024-09-01', false],
    ['quarterly', '2024-09-30', '2024-10-01', true],
    ['quarterly', '2023-11-15', '2024-02-01', true],
    // 4 March 2024 was a Monday.
    ['weekly', '2024-03-03', '2024-03-04', true],
    ['weekly', '2024-03-04', '2024-03-10', false],
    ['weekly', '2023-12-31', '2024-01-01', true],
    ['weekly', '2024-12-30', '2025-01-05', false],
    ['daily', '2024-03-04', '2024-03-04', false],
    ['daily', '2024-03-04', '2024-03-05', true],
    ['daily', '2024-03-05', '2024-03-04', false],
  ])('%s: %s, then %s', (frequency, last, now, begins) => {
    const list = lastSent(frequency, last);
    const time = moment(`${now}T12:00:00Z`);
    const first = { volume: 3, number: 1 };
    expect(issueToSend(list, time)).toEqual(begins ? first : { volume: 2, number: 5 });
    expect(bumpedIssue(list, time)).toEqual(begins ? first : { volume: 2, number: 6 });
  });
});

test('a list that never sent a digest begins no volume', () => {
  const list = lastSent('daily', null);
  expect(issueToSend(list, moment('2024-03-04T12:00:00Z'))).toEqual({ volume: 2, number: 5 });
  expect(bumpedIssue(list, moment('2024-03-04T12:00:00Z'))).toEqual({ volume: 2, number: 6 });
});

test('a day is that of the place where the server is', () => {
  const zone = process.env.TZ;
  process.env.TZ = 'Asia/Tokyo';
  try {
    const list = { ...lastSent('daily', null), digestLastSentAt: moment('2024-03-04T14:00:00Z') };
    expect(issueToSend(list, moment('2024-03-04T16:00:00Z'))).toEqual({ volume: 3, number: 1 });
  } finally {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  }
});
