import { expect, test } from 'vitest';
import { parseUtc, type UtcTime } from '../../src/model/time.ts';
import { planRetry } from '../../src/mta/retry-schedule.ts';

const NOW = parseUtc('2026-10-05T10:00:00Z') as UtcTime;
const ANNE = ['anne@example.com'];

test.each([
  [1, '2026-10-05T10:00:05.000000Z'],
  [2, '2026-10-05T10:00:10.000000Z'],
  [8, '2026-10-05T10:10:40.000000Z'],
  [9, '2026-10-05T10:15:00.000000Z'],
])('after %i attempts members get it again with a longer pause each time', (attempts, runAt) => {
  expect(planRetry({}, ANNE, attempts, NOW, 86_400)).toMatchObject({ giveUp: false, runAt });
});

test('what waited for a change of sides goes on to Mailman 2 as soon as its mail server is there again', () => {
  const retry = planRetry({ relayed: true }, ANNE, 9, NOW, 86_400);
  expect(retry).toMatchObject({ giveUp: false, runAt: '2026-10-05T10:00:02.000000Z' });
});
