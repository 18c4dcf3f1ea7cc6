import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { expect, it } from 'vitest';
import { readMessage } from '../../src/archiving/read-message.ts';
import { openArchiveAt } from '../../src/archiving/store/open.ts';
import { install } from '../support/mailman.ts';

const LIST = 'ant@example.com';
const DATE = 'Tue, 4 Mar 2003 10:00:00 +0000';
const SEPARATOR = 'From ant@example.com Tue Mar  4 10:00:00 2003';

interface Dirt {
  readonly what: string;
  readonly fields?: Readonly<Record<string, string | undefined>>;
  readonly separator?: string;
  /** What separates header and body, and ends every line of the header. */
  readonly lineEnd?: string;
  readonly body: string | Buffer;
  /** What readers are to see of it, and find; what the body says where nothing else is given. */
  readonly shown?: string;
  readonly word?: string;
}

function inCharset(charset: string, text: string, word: string, says = charset): Dirt {
  return {
    what: `${charset} that says it is ${says}`,
    fields: { 'Content-Type': `text/plain; charset=${says}`, 'Content-Transfer-Encoding': '8bit' },
    body: Buffer.concat([iconv.encode(text, charset), Buffer.from('\n')]),
    shown: text,
    word,
  };
}

const DIRT: readonly Dirt[] = [
  { what: 'a line From', body: 'Before.\nFrom here on it is a sentence.\nfromagerie\n', word: 'fromagerie' },
  {
    what: 'a quoted line From',
    body: '>From me\nquotedline\n',
    shown: 'From me\nquotedline',
    word: 'quotedline',
  },
  { what: 'a Message-ID of two', fields: { 'Message-ID': '<twice@example.com>' }, body: 'firsttwin\n' },
  { what: 'the other of two', fields: { 'Message-ID': '<twice@example.com>' }, body: 'secondtwin\n' },
  { what: 'no Message-ID', fields: { 'Message-ID': undefined }, body: 'nameless\n' },
  { what: 'a date long ago', fields: { Date: 'Fri, 1 Jan 1904 00:00:00 +0000' }, body: 'antique\n' },
  { what: 'a date to come', fields: { Date: 'Mon, 18 Jan 2038 00:00:00 +0000' }, body: 'futuristic\n' },
  {
    what: 'no date at all',
    fields: { Date: 'yesterday' },
    separator: 'From ant@example.com',
    body: 'dateless\n',
  },
  { what: 'CRLF', lineEnd: '\r\n', body: 'crlfline\r\nend\r\n', shown: 'crlfline\nend', word: 'crlfline' },
  { what: 'a NUL', body: 'nul\0inside zeroed\n', shown: 'zeroed', word: 'zeroed' },
  { what: 'a lone CR', body: 'macintosh\rend\n', shown: 'macintosh', word: 'macintosh' },
  inCharset('iso-8859-1', 'Unbekanntes Gemüse', 'gemüse', 'x-unknown'),
  inCharset('windows-1252', 'Œuvre “lying”', 'œuvre', 'us-ascii'),
  inCharset('utf-8', 'Größenwahn', 'größenwahn', 'iso-2022-jp'),
  {
    what: 'iso-2022-jp',
    fields: { 'Content-Type': 'text/plain; charset=iso-2022-jp' },
    body: '\x1b$B$3$s$K$A$O\x1b(B\n',
    shown: 'こんにちは',
  },
  inCharset('euc-jp', '日本語の本文', '本文'),
  inCharset('gb18030', '你好，世界', '世界'),
  inCharset('koi8-r', 'Привет, мир', 'привет'),
  inCharset('utf-7', 'Grüße aus Köln', 'köln'),
  {
    what: 'a multipart without its end',
    fields: { 'Content-Type': 'multipart/mixed; boundary="never closed"' },
    body: '--never closed\nContent-Type: text/plain\n\nunclosed\n',
    shown: 'unclosed',
  },
  {
    what: 'base64 that is none',
    fields: { 'Content-Type': 'text/plain', 'Content-Transfer-Encoding': 'base64' },
    body: `${Buffer.from('brokenbase text').toString('base64')}!!\n`,
    shown: 'brokenbase text',
    word: 'brokenbase',
  },
  { what: 'a header of 100 KB', fields: { 'X-Long': 'long '.repeat(20_000) }, body: 'longheader\n' },
];

function written(dirt: Dirt, number: number): Buffer {
  const end = dirt.lineEnd ?? '\n';
  const fields = {
    From: 'Ant <ant@example.com>',
    Date: DATE,
    Subject: `Dirt ${number}`,
    'Message-ID': `<dirt-${number}@example.com>`,
    'MIME-Version': '1.0',
    ...dirt.fields,
  };
  const lines = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}`],
  );
  const head = [dirt.separator ?? SEPARATOR, ...lines, '', ''].join(end);
  const body = Buffer.isBuffer(dirt.body) ? dirt.body : Buffer.from(dirt.body, 'latin1');
  return Buffer.concat([Buffer.from(head), body, Buffer.from(end)]);
}

it('takes every kind of dirt as it is, shows it as well as can be, finds it, and gives it back', async () => {
  const { mailman, file, folder } = install();
  mailman('create', '-q', LIST);
  const pieces = DIRT.map(written);
  const mbox = file('ant.mbox', Buffer.concat(pieces));
  const run = mailman('archive', 'import', LIST, mbox, '--json');
  expect(run.stderr).toBe('');
  const report = JSON.parse(run.stdout) as {
    readonly messages: number;
    readonly added: number;
    readonly set_aside: number;
    readonly repaired_at: readonly { readonly offset: number; readonly what: string }[];
  };
  expect(report).toMatchObject({ messages: DIRT.length, added: DIRT.length, set_aside: 0 });
  // Each finding names the message, or the line in it, by the byte where it begins.
  const starts = pieces.map((_, index) => Buffer.concat(pieces.slice(0, index)).length);
  const found = report.repaired_at.map(({ offset }) => starts.findLastIndex((start) => start <= offset));
  const mended = ['a line From', 'no Message-ID', 'a date long ago', 'a date to come', 'no date at all'];
  expect([...new Set(found.map((index) => DIRT[index]?.what))]).toEqual(mended);

  const archive = await openArchiveAt(`sqlite:///${folder}/var/data/archive.db`);
  try {
    const { id: list = 0 } = (await archive.list('ant.example.com')) ?? {};
    const messages = (await archive.messages({ lists: [list] }, { limit: 100 })).items;
    const stored = messages.toSorted((one, other) => one.id - other.id);
    for (const [number, { what, body, shown = body.toString().trim(), word = shown }] of DIRT.entries()) {
      const message = stored[number];
      const content = await archive.content(message?.id ?? 0);
      expect(content?.source.equals(pieces[number] ?? Buffer.alloc(0)), what).toBe(true);
      if (!content) continue;
      const { text } = readMessage(content.message, { separator: content.separator });
      expect(text.replaceAll('\r\n', '\n'), what).toContain(shown);
      const query = { lists: [list], text: word, order: 'date', offset: 0, limit: 10 } as const;
      const hits = (await archive.search(query)).items.map((hit) => hit.message.id);
      expect(hits, `${what}: ${word}`).toContain(message?.id);
      expect(new Date(message?.date ?? 0).toISOString().slice(0, 10), what).toBe('2003-03-04');
    }
  } finally {
    await archive.close();
  }
  mailman('archive', 'export', LIST, join(folder, 'exported.mbox'));
  expect(readFileSync(join(folder, 'exported.mbox')).equals(Buffer.concat(pieces))).toBe(true);
});
