import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { describe, expect, it, vi } from 'vitest';
import { compilePattern, PatternError, tryCompilePattern } from '../../src/model/pattern.ts';
import { processorTime } from '../support/processor-time.ts';
import { askPython, itAgreesWithPython } from './python.ts';

const patterns = [
  ...[
    '',
    'a',
    '^a',
    'a$',
    '^$',
    'a\\Z',
    '\\Aa',
    '^[^@]+@(.*\\.)?example\\.com$',
    '.*@EXAMPLE\\.com',
    'a.c',
    'a\\.c',
  ],
  ...[
    '^(.+-)?(owner|request)@',
    '^.*\\.(ru|cn)$',
    '\\d+',
    '\\D',
    '\\w+@\\w+',
    '\\W',
    '\\s',
    '\\S+ \\S+',
    '[\\w.-]+@',
  ],
  ...[
    '\\bübung\\b',
    '\\bfoo\\b',
    'o\\Bo',
    '[[:alpha:]]',
    '[]a]',
    '[^]a]',
    '[a\\]b]',
    '[\\d-]+',
    '[+-]',
    '[a-]',
    '[\\b]',
  ],
  ...[
    'a{2}',
    'a{,2}b',
    'a{2,}',
    'a{1,2}$',
    'a{',
    'a{x}',
    'a}',
    '{a}',
    'a{,}b',
    '(?i)ABC',
    '(?s)a.c',
    '(?m)^b$',
    '(?ms)^b.*c$',
  ],
  ...[
    '(?x) a b # c',
    '(?x)[ ]a\\ b',
    '(?:ab)+',
    '(?=ab)a',
    'a(?!b)',
    '(?<=a)b',
    '(?<!a)b',
    '(a)\\1',
    '(?P<n>a)(?P=n)',
  ],
  ...[
    '(?P<n>a)b',
    'a(?#comment)b',
    '\\x61',
    '\\u00e9',
    '\\t',
    '\\n',
    '\\a',
    '\\0',
    '\\141',
    '\\/',
    '\\@',
    '\\-',
    '\\"',
    '\\_',
    '\\é',
  ],
  ...[
    'é',
    'É',
    'ß',
    'straße',
    'σ',
    '👻',
    '^👻$',
    '.',
    '^.$',
    '[👻-👿]',
    'a|b',
    '(a|b)*c',
    'x*',
    'x+?',
    '(',
    ')',
    '[',
    '*',
    'a**',
    '(?',
    '(?P<',
  ],
  ...[
    '[z-a]',
    '(a)(b)\\2',
    '\\8',
    '[^\\s@]+@[^\\s@]+',
    'listname=.*@',
    '^[\\w\\d]{8,}@yahoo\\.',
    '(?i:a)B',
    '\\$100',
    'a^b',
    'a$b',
    '$a',
    'x\\\\y',
  ],
];

const texts = [
  ...[
    '',
    'a',
    'A',
    'aa',
    'aab',
    'ab',
    'b',
    'abc',
    'a.c',
    'a\nc',
    'a\n',
    'b\n',
    'a\nb\nc',
    'a\r',
    'a\rb',
    'anne@example.com',
    'Anne@Example.COM',
  ],
  ...[
    'x@evil.ru',
    'ant-request@x',
    'foo',
    'foo bar',
    'foo.',
    'xfoo',
    'Übung',
    'die übung.',
    'xübung',
    '12',
    '١٢',
    'é',
    'É',
    'e\u0301',
    'ß',
    'SS',
    'ẞ',
    'ς',
  ],
  ...[
    '👻',
    '👻👻',
    '-',
    '+',
    ']',
    '[',
    'a]',
    'a:]',
    ':',
    '^',
    '{',
    'a{',
    'a{x}',
    'a}',
    '{a}',
    'a{,}b',
    'a b',
    ' a b',
    ' ',
    '\t',
    '\u00a0',
    '\u2028',
    '\u2029',
    '\x85',
    '\x1c',
    '\x07',
    '\b',
  ],
  ...[
    '\0',
    '/',
    '@',
    '"',
    '_',
    '$100',
    'x\\y',
    'STRASSE',
    'straße',
    'a1_é@b',
    'abcdefgh1@yahoo.com',
    'no\nanne@example.com',
    'anne@example.com\n',
    '\ud800',
    'K',
    'ſ',
  ],
];

describe('a pattern', () => {
  itAgreesWithPython('finds what Python finds', () => {
    const pairs = patterns.flatMap((pattern) => texts.map((text) => [pattern, text] as const));
    const judge = fileURLToPath(new URL('python-regexp.py', import.meta.url));
    const verdicts = askPython<(boolean | null)[]>([judge], pairs);
    const differences = pairs.flatMap(([pattern, text], index) => {
      const found = tryCompilePattern(pattern)?.test(text) ?? null;
      return found === verdicts[index] ? [] : [{ pattern, text, found, python: verdicts[index] }];
    });
    expect(differences).toEqual([]);
  });

  it.each([
    ['(a+)+$', `${'a'.repeat(50_000)}!`],
    ['(.*)*x', 'y'.repeat(50_000)],
    ['^(([a-z])+.)+[A-Z]([a-z])+$', `${'a'.repeat(50_000)}!!`],
    ['(a|a)*$(?!b)', `${'a'.repeat(40)}!`],
    ['(?=(a+)+$)b', `${'a'.repeat(40)}!`],
    ['^(\\w+\\s?)*\\b$', `${'aä '.repeat(40)}!`],
    ['(x+x+)+\\1y', 'x'.repeat(40)],
    ['(a{1,100}){1,100}$', `${'a'.repeat(5000)}!`],
  ])('%s ends soon on hostile text', (source, text) => {
    const spent = processorTime();
    expect(tryCompilePattern(source)?.test(text) ?? false).toBe(false);
    expect(spent()).toBeLessThan(5000);
  });

  it('that got no time from a busy machine is tried again', () => {
    const outOfTime = Object.assign(new Error('timed out'), { code: 'ERR_SCRIPT_EXECUTION_TIMEOUT' });
    const run = vi.spyOn(vm.Script.prototype, 'runInContext').mockImplementationOnce(() => {
      throw outOfTime;
    });
    expect(compilePattern('(?<=a)b').test('ab')).toBe(true);
    expect(run).toHaveBeenCalledTimes(2);
    run.mockRestore();
  });

  it('that does not compile says which and why, within bounds', () => {
    expect(() => compilePattern('a(b')).toThrow(PatternError);
    expect(() => compilePattern('a(b')).toThrow(/"a\(b" does not compile: /);
    expect(() => compilePattern('x'.repeat(4001))).toThrow(/4001 characters; the limit is 4000/);
    expect(tryCompilePattern('a(b')).toBeUndefined();
    expect(tryCompilePattern('(((('.repeat(900))).toBeUndefined();
  });
});
