import { describe, expect, test } from 'vitest';
import { compilePythonRegExp } from '../../src/config/regexp.ts';
import { substitute } from '../../src/config/substitute.ts';
import { InvalidValueError, parseBool, parseDuration, parseInteger } from '../../src/config/values.ts';

describe('yes and no', () => {
  test.each(['true', 'yes', '1', 'on', 'enable', 'enabled', 'YES', 'Enabled'])('%s', (word) => {
    expect(parseBool(word)).toBe(true);
  });
  test.each(['false', 'no', '0', 'off', 'disable', 'disabled', 'No'])('%s', (word) => {
    expect(parseBool(word)).toBe(false);
  });
  test.each(['', 'maybe', 'y', '2'])('%j is neither', (word) => {
    expect(() => parseBool(word)).toThrow(InvalidValueError);
  });
});

describe('periods', () => {
  test.each([
    ['1s', 1],
    ['15m', 900],
    ['1d12h', 129_600],
    ['1w2d3h4m5s', 604_800 + 2 * 86_400 + 3 * 3600 + 4 * 60 + 5],
    ['180d', 180 * 86_400],
    ['0s', 0],
  ])('%s', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });
  test.each(['', '5', '12h1d', '1d1d', '1D', '1 d', '-1d', 'd', '9999999999d'])('%j is none', (text) => {
    expect(() => parseDuration(text)).toThrow(/expected a period/);
  });
});

test('whole numbers within bounds', () => {
  expect(parseInteger('+12')).toBe(12);
  expect(() => parseInteger('-1')).toThrow("found '-1', expected a whole number, 0 or more");
  expect(() => parseInteger('1.5', 1, 9)).toThrow("found '1.5', expected a whole number, 1 to 9");
});

describe("Python's regular expressions", () => {
  test('named groups, references, anchors and flags', () => {
    expect(compilePythonRegExp('(?P<q>["\'])x(?P=q)').exec('"x"')?.groups?.q).toBe('"');
    expect(compilePythonRegExp('(?i)\\Aabc\\Z').test('ABC')).toBe(true);
    expect(compilePythonRegExp('\\(?P<x').test('(P<x')).toBe(true);
    expect(() => compilePythonRegExp('(')).toThrow(SyntaxError);
  });
});

test('variables: plain, in braces, unknown, and a dollar sign', () => {
  const values: Record<string, string> = { a: '1', b_2: '2' };
  expect(substitute(`$a $\{b_2} $c $$a $ $1`, (name) => values[name])).toBe('1 2 $c $a $ $1');
});
