import { describe, expect, test } from 'vitest';
import { numberedPrefix, prefixedSubject, stripSubject } from '../../src/flow/subject.ts';
import { encodeSubject, subjectText } from '../../src/flow/subject-charset.ts';
import { decodeHeader } from '../../src/message/encoded-words.ts';
import { processorTime } from '../support/processor-time.ts';

/** A subject as it leaves, decoded. */
function sent(raw: string, prefix = '[Ant] ', number = 31): string {
  const numbered = numberedPrefix(prefix, number);
  const prefixed = prefixedSubject(stripSubject(subjectText(raw, ['utf-8']), prefix), numbered);
  return decodeHeader(encodeSubject(prefixed, raw, 'utf-8'));
}

describe('as Mailman 3 does it', () => {
  test.each([
    ['hello', '[Ant] hello'],
    ['Re: hello', '[Ant] Re: hello'],
    ['RE: Re: [Ant] hello', '[Ant] Re: hello'],
    ['[Ant] Re: hello', '[Ant] Re: hello'],
    ['Re: [Ant] Re: hello', '[Ant] Re: hello'],
    ['AW: hello', '[Ant] Re: hello'],
    ['SV: VS: hello', '[Ant] Re: hello'],
    ['Re[2]: x', '[Ant] Re: x'],
    ['Fwd: x', '[Ant] Fwd: x'],
    ['Re:', '[Ant] Re:'],
    ['=?utf-8?q?Caf=C3=A9?=', '[Ant] Café'],
    ['=?utf-8?q?Re=3A_Caf=C3=A9?=', '[Ant] Re: Café'],
    ['Re: [Ant] =?utf-8?q?Caf=C3=A9?=', '[Ant] Re: Café'],
    ['First =?utf-8?q?=C3=A9t=C3=A9?=', '[Ant] First été'],
    ['', '[Ant] (no subject)'],
  ])('%s', (raw, expected) => {
    expect(sent(raw)).toBe(expected);
  });

  test('a number stands where the prefix wants it, and any number is taken off', () => {
    expect(sent('Re: [Ant 12] hello', '[Ant %05d] ')).toBe('[Ant 00031] Re: hello');
    expect(sent('Re: [A12] zz', '[A%d]', 33)).toBe('[A33]Re: zz');
    expect(sent('(Plain 12) Re: x', '(Plain %d) ', 122)).toBe('(Plain 122) Re: x');
  });
});

describe('where Mailman fails', () => {
  test.each([
    ['the prefix in another case', 'Re: [ANT] hello', '[Ant] Re: hello'],
    ['nothing but the prefix', '[Ant]', '[Ant] (no subject)'],
    ['no blank behind the prefix', '[Ant]lunch', '[Ant] lunch'],
    ['the prefix in the middle', 'Fwd: [Ant] lunch', '[Ant] Fwd: lunch'],
    ['8-bit text without encoding', 'Caf\xe9 \xe0 midi', '[Ant] Café à midi'],
    ['UTF-8 without encoding', Buffer.from('Café – midi').toString('latin1'), '[Ant] Café – midi'],
    ['ISO-2022-JP without encoding', '\x1b$B@8$N$^$^\x1b(B', '[Ant] 生のまま'],
    ['a reply mark with the blanks of French', '=?utf-8?q?RE=C2=A0=3A=C2=A0midi?=', '[Ant] Re: midi'],
    ['a counted reply mark with a blank', 'Re [2]: x', '[Ant] Re: x'],
    ['two charsets', '=?iso-8859-1?q?caf=E9?= and =?utf-8?b?xbzDs8WCdw==?=', '[Ant] café and żółw'],
  ])('%s', (_, raw, expected) => {
    expect(sent(raw)).toBe(expected);
  });
});

test('characters of regular expressions in a prefix mean themselves', () => {
  expect(sent('Re: [C++-users.v2] x', '[C++-users.v2] ')).toBe('[C++-users.v2] Re: x');
  expect(sent('[Cxx-usersAv2] x', '[C++-users.v2] ')).toBe('[C++-users.v2] [Cxx-usersAv2] x');
});

test('a subject stays in the charset of its author', () => {
  const raw = '=?iso-2022-jp?b?GyRCRGpOYzJxJE4kKkNOJGkkOxsoQg==?=';
  expect(encodeSubject('[Ant] 定例会のお知らせ', raw, 'utf-8')).toBe(
    '[Ant] =?iso-2022-jp?b?GyRCRGpOYzJxJE4kKkNOJGkkOxsoQg==?=',
  );
  expect(encodeSubject('[Ant] Café', '=?iso-8859-1?q?Caf=E9?=', 'utf-8')).toContain('iso-8859-1');
});

test.each([
  ['[A  B] ', '[A B] x'],
  ['[A\tB] ', '[A\tB] x'],
  ['[A  %d  B] ', '[A  7  B] x'],
])('blanks in the prefix %j may have become others', (prefix, subject) => {
  expect(stripSubject(`Re: ${subject}`, prefix)).toEqual({ text: 'x', isReply: true });
});

test('only the first %d of a prefix is a number, and none at its very beginning', () => {
  expect(sent('Re: [Ant 12 %d] x', '[Ant %d %d] ')).toBe('[Ant 31 %d] Re: x');
  expect(sent('Re: %d: x', '%d: ')).toBe('%d: Re: x');
});

test('a subject of a megabyte, or of nothing but marks, takes no time', () => {
  const spent = processorTime();
  stripSubject(`${'Re: '.repeat(50_000)}x`, '[Ant %d] ');
  stripSubject('[Ant '.repeat(50_000), '[Ant %d] ');
  stripSubject(`${'[Ant 1'.repeat(50_000)}${' '.repeat(100_000)}`, '[Ant %d] ');
  stripSubject(`[${'1'.repeat(500_000)}`, `[${'%d'.repeat(12)}] `);
  expect(spent()).toBeLessThan(1000);
});
