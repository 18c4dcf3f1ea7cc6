import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parsePythonDate } from '../../../migrate/pipermail/python-date.ts';
import { runs } from '../../support/properties.ts';

/** Seconds since 1970 as if the clock had shown UTC, and the offset; null where there is no date. */
const PYTHON = `
import calendar, json, sys
# As in Python 2, a date without zone has none; the public function of Python 3 makes it UTC.
from email._parseaddr import _parsedate_tz
found = []
for text in json.load(sys.stdin):
    try:
        date = _parsedate_tz(text)
        found.append(date and [calendar.timegm(date), date[9]])
    except (ValueError, OverflowError, IndexError):
        found.append(None)
json.dump(found, sys.stdout)
`;

function python(texts: readonly string[]): unknown {
  const output = execFileSync('/usr/bin/python3', ['-c', PYTHON], {
    input: JSON.stringify(texts),
    encoding: 'utf8',
  });
  return JSON.parse(output);
}

function ours(text: string): unknown {
  const date = parsePythonDate(text);
  return date ? [date.utc / 1000, date.offset ?? null] : null;
}

const DATES = [
  'Wed, 08 Jan 2003 01:19:01 +0000',
  'Wed, 8 Jan 2003 01:19:01 GMT',
  'Wed, 8 Jan 03 01:19 EST',
  'Wed,8 Jan 2003 01:19:01 -0130',
  '8 Jan 2003 01:19:01 PDT',
  'Wed Jan  8 01:19:01 2003',
  'Wed Jan  8 01:19:01 MET 2003',
  'Wed Jan  8 01:19:01 2003 +0200',
  'Wed, 8 January 2003 01:19:01 +0900 (JST)',
  'Wednesday, 08-Jan-03 01:19:01 GMT',
  'Wed, 8 Jan 2003 01:19:01+0200',
  'Wed, 31 Feb 2003 25:61:61 +0000',
  'Mon, 1 Jan 2103 00:00:00 +0000',
  'Tue, 18 Jun 102 05:12:09 +0500',
  'Fri, 13 Dec 1901 20:45:52 UTC',
  'yesterday',
  'Wed, 8 Foo 2003 01:19:01 +0000',
  'Wed, 8 Jan 2003',
  '2003-01-08T01:19:01Z',
  '8 Jan 68 01:19:01 Z',
  '8 Jan 69 01:19:01 Z',
];

it.each(DATES)('reads %s as Python does', (text) => {
  expect([ours(text)]).toEqual(python([text]));
});

it('reads whatever is made of such words as Python does', () => {
  const word = fc.constantFrom(
    ...[
      'Wed,',
      'Wed',
      '8',
      '08',
      'Jan',
      'january',
      '2003',
      '03',
      '70',
      '01:19',
      '01:19:01',
      '+0200',
      '-0130',
    ],
    ...['GMT', 'PST', '1,', 'x'],
  );
  const texts = fc.sample(fc.array(word, { minLength: 3, maxLength: 7 }), { numRuns: runs(3000) });
  const joined = texts.map((words) => words.join(' '));
  const theirs = python(joined) as unknown[];
  const different = joined.filter((text, at) => JSON.stringify(ours(text)) !== JSON.stringify(theirs[at]));
  expect(different).toEqual([]);
});

it('takes no time for a long one', () => {
  expect(parsePythonDate(`Wed, ${'8 '.repeat(1_000_000)}`)).toBeUndefined();
});
