import { beforeAll, describe, expect, test } from 'vitest';
import { tableOfContents } from '../../src/digests/topics.ts';
import { type Say, speak } from '../../src/language/index.ts';
import { Message } from '../../src/message/message.ts';
import type { ListSettings } from '../../src/model/settings/index.ts';
import { displayWidth } from '../../src/templates/width.ts';
import { sampleList } from '../database/samples.ts';
import { processorTime } from '../support/processor-time.ts';

let say: Say;
beforeAll(async () => {
  say = await speak(['en']);
});

function topics(headers: readonly Record<string, string>[], settings: Partial<ListSettings> = {}): string[] {
  const list = sampleList('ant');
  const posts = headers.map((fields) => Message.of(Object.entries(fields), ''));
  const table = tableOfContents(posts, { ...list, settings: { ...list.settings, ...settings } }, say, [
    'us-ascii',
  ]);
  expect(table.startsWith("Today's Topics:\n\n")).toBe(true);
  return table.split('\n').slice(2);
}

const FROM = 'Anne <anne@example.com>';

test('numbers are aligned up to 99', () => {
  const lines = topics(Array.from({ length: 101 }, () => ({ Subject: 'x', From: FROM })));
  expect([lines[0], lines[9], lines[99]]).toEqual(['   1. x (Anne)', '  10. x (Anne)', '  100. x (Anne)']);
});

describe('subjects', () => {
  test.each([
    ['[Ant] hello', 'hello'],
    ['[Ant] Re: hello', 'Re: hello'],
    ['Re: [Ant] hello', 'Re: hello'],
    ['[Ant] =?utf-8?q?Caf=C3=A9?=', 'Café'],
    ['[Ant]', '(no subject)'],
    ['', '(no subject)'],
    ['a\u2028b', 'a b'],
  ])('%j', (subject, shown) => {
    const value = Buffer.from(subject).toString('latin1');
    expect(topics([{ Subject: value, From: FROM }], { subject_prefix: '[Ant] ' })).toEqual([
      `   1. ${shown} (Anne)`,
    ]);
  });

  test('lose a prefix with any number', () => {
    expect(topics([{ Subject: '[Ant:0012] hello', From: FROM }], { subject_prefix: '[Ant:%04d] ' })).toEqual([
      '   1. hello (Anne)',
    ]);
  });

  test('stay as they are where the list has no prefix', () => {
    expect(topics([{ Subject: 'AW: hello', From: FROM }], { subject_prefix: '' })).toEqual([
      '   1. AW: hello (Anne)',
    ]);
  });
});

test('an author is a name, else an address, else nobody', () => {
  expect(
    topics([
      { Subject: 'x', From: 'anne@example.com' },
      { Subject: 'x' },
      { Subject: 'x', From: '"A, B" <a@x.org>, c@x.org' },
    ]),
  ).toEqual(['   1. x (anne@example.com)', '   2. x', '   3. x (A, B)']);
});

describe('long entries', () => {
  const word = 'word '.repeat(40).trim();

  test('continue indented by six, the author behind as long as there is room', () => {
    const lines = topics([{ Subject: word, From: FROM }]);
    expect(lines.slice(1).every((line) => /^ {6}\S/.test(line))).toBe(true);
    expect(lines.every((line) => displayWidth(line.trim()) <= 70)).toBe(true);
    expect(lines.join(' ').replace(/ +/g, ' ').trim()).toBe(`1. ${word} (Anne)`);
  });

  test('have the author on a line of its own where the line would pass 70 columns', () => {
    const subject = `${'x'.repeat(29)} ${'y'.repeat(30)}`;
    const From = `${'N'.repeat(10)} <a@x.org>`;
    expect(topics([{ Subject: subject, From }])).toEqual([`   1. ${subject}`, '      (NNNNNNNNNN)']);
  });

  test('break Japanese by its width', () => {
    const subject = `=?utf-8?b?${Buffer.from('日'.repeat(50)).toString('base64')}?=`;
    const lines = topics([{ Subject: subject, From: FROM }]);
    expect(lines.every((line) => displayWidth(line.trim()) <= 70)).toBe(true);
    expect(lines).toHaveLength(2);
  });

  test('do not leave the number alone', () => {
    expect(topics([{ Subject: 'x'.repeat(90), From: FROM }])).toEqual([
      `   1. ${'x'.repeat(90)}`,
      '      (Anne)',
    ]);
  });
});

test('a subject of a megabyte is cut, quickly', () => {
  const spent = processorTime();
  const [line = '', ...rest] = topics([
    { Subject: `x ${'y '.repeat(500_000)}`, From: `${'n'.repeat(500_000)} <a@x.org>` },
  ]);
  expect([line, ...rest].join('').length).toBeLessThan(5000);
  expect(spent()).toBeLessThan(2000);
});
