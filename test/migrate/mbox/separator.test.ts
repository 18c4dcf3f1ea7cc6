import { describe, expect, it } from 'vitest';
import { parseFromLine } from '../../../migrate/mbox/from-line.ts';
import { messagesOf } from './read.ts';

const FIRST =
  'From ant@example.com Tue Mar  4 10:11:12 2003\nDate: Tue, 4 Mar 2003 10:11:12 +0000\nTo: list@example.com\n\nbody\n\n';

async function count(second: string): Promise<number> {
  return (await messagesOf(`${FIRST}${second}`)).length;
}

const HEADER = 'From: bee@example.com\nDate: Wed, 5 Mar 2003 10:11:12 +0000\nMessage-ID: <2@example.com>\n\n';

describe('a line that begins a message', () => {
  it.each([
    'From bee@example.com Wed Mar  5 10:11:12 2003',
    'From bee@example.com  Wed Mar 05 10:11:12 2003',
    'From bee at example.com  Wed Mar  5 10:11:12 2003',
    'From bee@example.com Wed Mar  5 10:11 2003',
    'From bee@example.com Wed Mar  5 10:11:12 MET 2003',
    'From bee@example.com Wed Mar  5 10:11:12 +0100 2003',
    'From bee@example.com Wed Mar  5 10:11:12 2003 +0100',
    'From bee@example.com Wed Mar  5 10:11:12 MET DST 2003',
    'From bee Wed Mar  5 10:11:12 2003 remote from honey',
    'From - Wed, 5 Mar 2003 10:11:12 +0000',
    'From MAILER-DAEMON Wed Mar  5 10:11:12 2003',
    'From  Wed Mar  5 10:11:12 2003',
    'From bee@example.com 2003-03-05T10:11:12+01:00',
    'From bee@example.com Mi 5. Mär 10:11:12 2003',
    'From bee@example.com',
  ])('may be %s', async (line) => {
    expect(await count(`${line}\n${HEADER}other\n`)).toBe(2);
    expect(await count(`${line}\n${HEADER}other\n`.replaceAll('\n', '\r\n'))).toBe(2);
  });

  it('may have >From after it, as UUCP wrote it', async () => {
    expect(await count(`From bee Wed Mar  5 10:11:12 2003\n>From bee Tue Mar  4 2003\n${HEADER}`)).toBe(2);
  });

  it('counts although its mail has next to no header, if its date is near', async () => {
    expect(await count('From bee@example.com Wed Mar  5 10:11:12 2003\nSubject: x\n\nother\n')).toBe(2);
  });
});

describe('a line that begins with From and no message', () => {
  it.each([
    ['a sentence', 'From now on we meet on Tuesdays.\nBye\n'],
    ['a sentence before something like a header', 'From here:\nSubject: what\nDate: today\n\n'],
    ['a sentence that ends in a date', 'From what I read on Wed Mar  5 10:11:12 2003\nNote: this\n\n'],
    ['a separator that is talked about', 'From bee@example.com Wed Mar  5 10:11:12 2003\nis such a line.\n'],
    ['a separator at the very end', 'From bee@example.com Wed Mar  5 10:11:12 2003\n'],
    ['a separator before a blank line', 'From bee@example.com Wed Mar  5 10:11:12 2003\n\ntext\n'],
    [
      'a quoted mail, by its date',
      'From bee@example.com Wed Mar  5 10:11:12 1997\nSubject: x\nFrom: b\n\nold\n',
    ],
  ])('may be %s', async (_, text) => {
    expect(await count(text)).toBe(1);
  });
});

describe('the line', () => {
  it('names sender and date', () => {
    expect(parseFromLine('From bee@example.com Wed Mar  5 10:11:12 +0130 2003')).toEqual({
      sender: 'bee@example.com',
      date: { year: 2003, month: 3, day: 5, hour: 10, minute: 11, second: 12, offset: 90 },
    });
  });

  it('has no date where none can be', () => {
    for (const date of ['Wed Mar 32 10:11:12 2003', 'Wed Mar  5 25:11:12 2003', 'Wed Foo  5 10:11:12 2003'])
      expect(parseFromLine(`From bee ${date}`).date).toBeUndefined();
  });

  it('takes no time, however long', () => {
    expect(parseFromLine(`From ${'Wed '.repeat(100_000)}`).date).toBeUndefined();
    expect(parseFromLine(`From ${'Wed '.repeat(480)}`).date).toBeUndefined();
  });
});
