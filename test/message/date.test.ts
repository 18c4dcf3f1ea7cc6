import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { parseMailDate } from '../../src/message/date.ts';

const DATES = [
  'Mon, 5 Jan 2015 10:00:00 +0000',
  'Mon,  5 Jan 2015 10:00:00 -0500 (EST)',
  '5 Jan 15 10:00 EST',
  'Tue, 6 Jan 1998 23:59:60 GMT',
  'Thu, 01 Jan 04 00:00:00 PST',
  'Wed, 31 Dec 69 23:59:59 +0000',
  'Fri, 29 Feb 2008 12:00:00 +0530',
];

test('dates of mail are read as Python reads them', () => {
  const program = `import sys, json
from email.utils import parsedate_tz, mktime_tz
print(json.dumps([mktime_tz(parsedate_tz(d)) for d in json.load(sys.stdin)]))`;
  const expected: number[] = JSON.parse(
    execFileSync('/usr/bin/python3', ['-c', program], { input: JSON.stringify(DATES) }).toString(),
  );
  expect(DATES.map((date) => parseMailDate(date))).toEqual(expected.map((seconds) => seconds * 1000));
});

test('and what is nearly a date as well', () => {
  const noon = Date.UTC(2015, 0, 5, 10);
  for (const date of [
    'Mon Jan  5 10:00:00 2015',
    'Mon Jan  5 10:00:00 UTC 2015',
    'Mon Jan  5 11:00:00 CET 2015',
    'Mon Jan  5 11:00:00 +0100 2015',
    '2015-01-05 10:00:00',
    '2015-01-05T12:00:00.123+02:00',
    'Monday, 5 January 2015 10:00:00 AM UTC',
    'mon,5 jan 2015 10:00:00 +9900',
    'Mon, 5-Jan-2015 10:00:00 GMT',
  ])
    expect([date, parseMailDate(date)]).toEqual([date, noon]);
});

test('what names no day is no date', () => {
  for (const date of [
    '',
    'yesterday',
    '31 Feb 2015 10:00:00',
    '0 Jan 2015',
    '5 Foo 2015 10:00',
    'Mon, 5 Jan 2015 99:99:99 +0000',
    ' '.repeat(1e6),
    `5 Jan ${'9'.repeat(1e5)}`,
  ])
    expect(parseMailDate(date)).toBeUndefined();
});
