import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { simpleParser } from 'mailparser';
import { expect, test } from 'vitest';
import { readMessage } from '../../src/archiving/read-message.ts';
import { processorTime } from '../support/processor-time.ts';
import { runs } from '../support/properties.ts';

const read = (mail: string | Buffer, charsets: readonly string[] = []) =>
  readMessage(Buffer.from(mail), { charsets });

test('of alternatives the plain text is read, and the HTML kept; HTML alone becomes text', () => {
  const alternative = read(
    'Content-Type: multipart/alternative; boundary=X\n\n--X\nContent-Type: text/plain\n\nPlain.\n--X\nContent-Type: text/html\n\n<p>Rich</p>\n--X--\n',
  );
  expect(alternative).toMatchObject({
    text: 'Plain.',
    isTextFromHtml: false,
    html: '<p>Rich</p>',
    attachments: [],
  });
  const alone = read('Content-Type: text/html\n\n<p>Rich &amp; <b>bold</b></p><script>bad()</script>\n');
  expect(alone).toMatchObject({ text: 'Rich & bold\n', isTextFromHtml: true });
});

test('files, pictures of the HTML and attached messages are listed by their place, under safe names', () => {
  const mail = read(`Content-Type: multipart/mixed; boundary=X

--X
Content-Type: multipart/related; boundary=Y

--Y
Content-Type: text/html

<img src="cid:logo@x">
--Y
Content-Type: image/png; name="../../etc/pass\twd.png"
Content-ID: <logo@x>
Content-Transfer-Encoding: base64

iVBORw==
--Y--
--X
Content-Type: message/rfc822

Subject: Inner
Content-Type: multipart/mixed; boundary=Z

--Z

Inner text.
--Z
Content-Type: application/pdf
Content-Disposition: attachment; filename*=UTF-8''%E8%B3%87%E6%96%99.pdf

PDF
--Z--
--X
Content-Type: text/x-patch; name=fix.patch

--- a
+++ b
--X--
`);
  expect(mail.attachments).toEqual([
    { part: 3, name: 'pass wd.png', type: 'image/png', size: 4, contentId: 'logo@x' },
    { part: 4, name: 'Inner.eml', type: 'message/rfc822', size: expect.any(Number), contentId: undefined },
    { part: 7, name: '資料.pdf', type: 'application/pdf', size: 3, contentId: undefined },
    { part: 8, name: 'fix.patch', type: 'text/x-patch', size: expect.any(Number), contentId: undefined },
  ]);
  expect(mail.text).toContain('+++ b');
  expect(mail.text).not.toContain('Inner text');
  expect(mail.attachedText).toContain('Inner text');
});

test('what was marked for the mbox is shown as it was written', () => {
  const separator = Buffer.from('From ant@example.com Mon Jan  5 10:00:00 2015\n');
  const raw = Buffer.from('Subject: x\n\n>From me\n>>From you\n> From us\n');
  expect(readMessage(raw, { separator }).text).toBe('From me\n>>From you\n> From us\n');
  expect(readMessage(raw).text).toBe('>From me\n>>From you\n> From us\n');
});

test('text is read in the charset that it says, whatever that is', () => {
  const cases: readonly [charset: string, text: string][] = [
    ['iso-8859-1', 'Grüße'],
    ['koi8-r', 'Привет'],
    ['gb18030', '你好，世界'],
    ['euc-jp', '日本語の本文'],
    ['shift_jis', '日本語の本文'],
    ['euc-kr', '안녕하세요'],
    ['utf-7', 'Grüße +'],
    ['big5', '繁體中文'],
  ];
  for (const [charset, text] of cases) {
    const head = Buffer.from(
      `Content-Type: text/plain; charset=${charset}\nContent-Transfer-Encoding: 8bit\n\n`,
    );
    expect(readMessage(Buffer.concat([head, iconv.encode(text, charset)])).text).toBe(text);
  }
  const escaped = Buffer.from(
    'Content-Type: text/plain; charset=iso-2022-jp\n\n\x1b$B$3$s$K$A$O\x1b(B',
    'latin1',
  );
  expect(readMessage(escaped).text).toBe('こんにちは');
});

test('where the charset is missing or lies: UTF-8, then that of the list, then windows-1252', () => {
  const body = (bytes: Buffer, charset = '') =>
    Buffer.concat([Buffer.from(`Content-Type: text/plain${charset}\n\n`), bytes]);
  expect(readMessage(body(Buffer.from('Grüße')), { charsets: ['euc-jp'] }).text).toBe('Grüße');
  expect(
    readMessage(body(iconv.encode('日本語', 'euc-jp'), '; charset=us-ascii'), { charsets: ['euc-jp'] }).text,
  ).toBe('日本語');
  expect(readMessage(body(Buffer.from('“Hi” – é', 'utf8'), '; charset=iso-2022-jp')).text).toBe('“Hi” – é');
  expect(readMessage(body(Buffer.from([0x93, 0x48, 0x69, 0x94]), '; charset=x-unknown')).text).toBe('“Hi”');
});

test('it reads real mail as mailparser does where that is right', async () => {
  const folder = new URL('../../fixtures/mail/', import.meta.url);
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.eml'))
    .slice(0, 60);
  let compared = 0;
  for (const name of files) {
    const raw = readFileSync(new URL(name, folder));
    const ours = readMessage(raw);
    const theirs = await simpleParser(raw, {
      skipHtmlToText: true,
      skipTextToHtml: true,
      skipImageLinks: true,
    }).catch(() => undefined);
    // It does not know that the parts of a digest are messages (RFC 2046 5.1.5), nor what quoted flowed text is.
    if (
      !theirs?.text ||
      name.includes('digest') ||
      name === 'flowed.eml' ||
      theirs.text.includes('\ufffd') ||
      ours.isTextFromHtml
    )
      continue;
    compared += 1;
    const words = (text: string) => new Set(text.match(/\p{L}+/gu) ?? []);
    const missing = [...words(theirs.text)].filter((word) => !words(ours.text + ours.attachedText).has(word));
    expect([name, missing]).toEqual([name, []]);
  }
  expect(compared).toBeGreaterThan(files.length / 3);
});

test('nothing is too broken, deep or large to be read, and none of it takes long', () => {
  const nested = Array.from(
    { length: 5000 },
    (_, index) => `Content-Type: multipart/mixed; boundary=b${index}\n\n--b${index}\n`,
  ).join('');
  const digest = `${'Content-Type: message/rfc822\n\n'.repeat(5000)}Hello.`;
  const hostile = [
    '',
    '\n',
    nested,
    digest,
    `Content-Type: text/html\n\n${'<div>'.repeat(100_000)}deep`,
    `Subject: ${'=?utf-8?q?a?= '.repeat(20_000)}\n\nx`,
    `From: ${'"a" <a@b>, '.repeat(50_000)}\n\nx`,
    `References: ${'<a@b> '.repeat(50_000)}\n\nx`,
    `X: ${'a'.repeat(100_000)}\n\nx`,
    `Content-Type: multipart/mixed; boundary=X\n\n${'--X\nContent-Disposition: attachment; filename=a\n\n'.repeat(3000)}--X--`,
    `Content-Disposition: attachment; filename="${'../'.repeat(5000)}x${'\u202e'.repeat(100)}"\n\nx`,
  ];
  const spent = processorTime();
  for (const mail of hostile) read(mail);
  expect(spent()).toBeLessThan(5000);
  expect(read(nested).attachments.length).toBeLessThanOrEqual(500);
});

test('whatever bytes come, it gives texts that can be stored', () => {
  const fields = [
    '',
    'Subject: ',
    'From: ',
    'Date: ',
    'Content-Type: text/html; charset=',
    'Content-Type: multipart/mixed; boundary=',
  ];
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.constantFrom(...fields), (bytes, field) => {
      const mail = readMessage(Buffer.concat([Buffer.from(field), bytes]));
      const names = mail.attachments.map(({ name }) => name);
      for (const text of [mail.subject, mail.sender.displayName, ...names]) {
        expect(text.isWellFormed()).toBe(true);
        expect(text).not.toMatch(/\p{Cc}/u);
      }
      for (const name of names) expect(name).not.toMatch(/[/\\]/);
    }),
    { numRuns: runs(500) },
  );
});
