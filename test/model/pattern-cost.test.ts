import { expect, test } from 'vitest';
import { compilePattern, PatternError } from '../../src/model/pattern.ts';
import { waysThrough } from '../../src/model/pattern-cost.ts';

test.each([
  ['abc', 1],
  [String.raw`\bfoo\b`, 1],
  [String.raw`\bfoo\b|\bbar\b`, 2],
  [String.raw`\b(?:foo|bar)+\b`, 1],
  ['(?=a|b)', 2],
  ['(?:(?=a)|(?!b)|c)', 3],
  ['(?:(?=a)|b)(?P<name>(?<=c)|d)', 4],
  ['(?:(?=a)|b){3}', 8],
  ['(?:(?=a))?(?:(?=b))*', 4],
  [String.raw`[(?=a)|(?=b)]\(?=a|b`, 1],
  ['(?#(?=a|b)x', 1],
  ['(?=a', 1],
])('ways through %s', (source, ways) => {
  expect(waysThrough(source)).toBe(ways);
});

const TEXT = 'abc Ç£¥ def';

test.each([
  ['boundaries in a row', String.raw`${String.raw`\b`.repeat(23)}Ç£¥\b}`],
  ['very many boundaries', `${String.raw`\b`.repeat(1900)}x`],
  ['alternatives with boundaries', String.raw`(?:\b|\B|){18}x`],
  ['alternatives with boundaries, written out', `${String.raw`(?:\b|\B|)`.repeat(18)}x`],
])('%s take no time to speak of', (_, source) => {
  const start = process.cpuUsage();
  expect(compilePattern(source).test(TEXT)).toBe(false);
  const { user, system } = process.cpuUsage(start);
  expect((user + system) / 1000).toBeLessThan(1000);
});

test.each(['(?:(?=a)|(?=b))', '(?:(?<=a)|(?<!b))', '(?:(?=c)|)'])('thirty times %s is refused', (source) => {
  expect(() => compilePattern(source.repeat(30))).toThrow(PatternError);
});

test('words in any script are still found between their boundaries', () => {
  expect(compilePattern(String.raw`\bärger\b`).test('viel Ärger, hier')).toBe(true);
  expect(compilePattern(String.raw`\bärger\b`).test('Ärgerlich')).toBe(false);
  expect(compilePattern(String.raw`är\Bger`).test('Ärger')).toBe(true);
  expect(compilePattern(String.raw`ärger\B`).test('Ärger')).toBe(false);
});
