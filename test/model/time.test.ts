import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  epochFromUtc,
  formatDuration,
  parseUtc,
  utcFromDate,
  utcFromDay,
  utcFromEpoch,
  utcNow,
} from '../../src/model/time.ts';
import { askPython, itAgreesWithPython } from './python.ts';

const FROM_TIMESTAMP = `
import datetime, json, sys
def show(seconds):
    try:
        return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime('%Y-%m-%dT%H:%M:%S.%fZ').rjust(27, '0')
    except (ValueError, OverflowError, OSError):
        return None
print(json.dumps([show(seconds) for seconds in json.load(sys.stdin)]))`;

const FROM_ISO = `
import datetime, json, sys
def is_day(text):
    try:
        return bool(datetime.datetime.strptime(text[:19], '%Y-%m-%dT%H:%M:%S'))
    except ValueError:
        return False
print(json.dumps([is_day(text) for text in json.load(sys.stdin)]))`;

import { runs } from '../support/properties.ts';

describe('a moment', () => {
  itAgreesWithPython('is rounded to the microsecond as Python rounds it', () => {
    const moments = [
      ...[0, 1, -1, 0.5, -0.5, 1e-6, -1e-6, 5e-7, 1.5e-6, 2.5e-6, 0.9999995, 0.9999994],
      ...[1_709_999_045.012745, 253_402_300_799, 253_402_300_800, -62_135_596_800, -62_135_596_801],
      ...[1e300, -1e300, 951_782_400, 68_169_600, 1_234_567_890.123456, 1_330_470_000.5],
      ...fc.sample(fc.double({ min: -6.2e10, max: 2.5e11, noNaN: true }), { numRuns: runs(2000) }),
      ...fc.sample(fc.double({ min: 9e8, max: 2e9, noNaN: true }), { numRuns: runs(5000) }),
    ];
    const expected = askPython<(string | null)[]>(['-c', FROM_TIMESTAMP], moments);
    const differences = moments.flatMap((seconds, index) => {
      const time = utcFromEpoch(seconds) ?? null;
      return time === expected[index] ? [] : [{ seconds, time, python: expected[index] }];
    });
    expect(differences).toEqual([]);
  });

  itAgreesWithPython('exists where Python has it', () => {
    const texts = [
      ...[
        '2024-02-29T00:00:00',
        '2023-02-29T00:00:00',
        '2024-02-30T00:00:00',
        '2024-04-31T12:00:00',
        '2024-13-01T00:00:00',
      ],
      ...[
        '2024-00-10T00:00:00',
        '2024-01-00T00:00:00',
        '2024-01-01T24:00:00',
        '2024-01-01T23:60:00',
        '0000-01-01T00:00:00',
      ],
      ...['1900-02-29T00:00:00', '2000-02-29T00:00:00', '0001-01-01T00:00:00', '9999-12-31T23:59:59'],
    ];
    const expected = askPython<boolean[]>(['-c', FROM_ISO], texts);
    for (const suffix of ['', 'Z', '.5', '.123456Z', '.000000Z']) {
      const parsed = texts.map((text) => parseUtc(`${text}${suffix}`) !== undefined);
      expect(parsed, suffix).toEqual(expected);
    }
  });

  it('is read in the forms that REST clients send', () => {
    expect(parseUtc('2024-03-09T17:04:05.012745Z')).toBe('2024-03-09T17:04:05.012745Z');
    expect(parseUtc('2024-03-09 17:04:05')).toBe('2024-03-09T17:04:05.000000Z');
    expect(parseUtc('2024-03-09T17:04:05.5')).toBe('2024-03-09T17:04:05.500000Z');
    for (const text of [
      '',
      '2024-03-09',
      '2024-03-09T17:04',
      '2024-03-09T17:04:05+01:00',
      ' 2024-03-09T17:04:05Z',
    ])
      expect(parseUtc(text), text).toBeUndefined();
  });

  it('goes to seconds and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000_000_000 }), (micros) => {
        const time = utcFromEpoch(micros / 1e6);
        expect(time && Math.round(epochFromUtc(time) * 1e6)).toBe(micros);
      }),
    );
    expect(utcFromEpoch(Number.NaN)).toBeUndefined();
    expect(utcFromEpoch(Number.POSITIVE_INFINITY)).toBeUndefined();
    expect(utcFromDate(new Date(5))).toBe('1970-01-01T00:00:00.005000Z');
    expect(Math.abs(epochFromUtc(utcNow()) - Date.now() / 1000)).toBeLessThan(5);
  });

  it('sorts as text', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -6e10, max: 2e11, noNaN: true }),
        fc.double({ min: -6e10, max: 2e11, noNaN: true }),
        (a, b) => {
          const [one = '', other = ''] = [utcFromEpoch(a), utcFromEpoch(b)];
          if (one < other) expect(a).toBeLessThan(b);
          if (one > other) expect(a).toBeGreaterThan(b);
        },
      ),
    );
  });

  it('may be a day', () => {
    expect(utcFromDay(2024, 2, 29)).toBe('2024-02-29T00:00:00.000000Z');
    expect(utcFromDay(99, 1, 1)).toBe('0099-01-01T00:00:00.000000Z');
    for (const [year, month, day] of [
      [2023, 2, 29],
      [2024, 13, 1],
      [2024, 0, 1],
      [0, 1, 1],
      [10_000, 1, 1],
      [Number.NaN, 1, 1],
    ] as const)
      expect(utcFromDay(year, month, day), `${year}-${month}-${day}`).toBeUndefined();
  });
});

describe('a duration', () => {
  it.each([
    [0, '0d'],
    [86_400, '1d'],
    [7 * 86_400, '7d'],
    [93_600, '1d7200.0s'],
    [60, '60.0s'],
  ])('of %i seconds is %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text));
});
