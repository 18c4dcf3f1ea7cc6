import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { putTemplate } from '../../src/database/templates.ts';
import type { ListSettings } from '../../src/model/settings/index.ts';
import { collect, type GoneDigest, sendAll, textOf } from '../support/digests.ts';
import { type FlowBench, mail, openFlowBench } from '../support/flow.ts';
import { processorTime } from '../support/processor-time.ts';
import { defaultConfig } from '../support/services.ts';

const NEXT = '\n\n------------------------------\n\n';

let bench: FlowBench;
beforeEach(async () => {
  bench = await openFlowBench();
  await bench.join(['dora@example.net'], { deliveryMode: 'plaintext_digests' });
});
afterEach(() => bench.close());

async function digestOf(
  mails: readonly (string | Uint8Array)[],
  settings: Partial<ListSettings> = {},
): Promise<GoneDigest> {
  await bench.set(settings);
  await collect(bench, mails);
  const [digest] = await sendAll(bench);
  if (!digest) throw new Error('there is no digest');
  return digest;
}

/** The text of a digest by its separators: preamble, posts, footer, end. */
async function pieces(
  mails: readonly (string | Uint8Array)[],
  settings: Partial<ListSettings> = {},
): Promise<{ preamble: string; posts: string[]; footer: string; end: string }> {
  const text = textOf(await digestOf(mails, settings));
  const [preamble = '', rest = ''] = text.split(`\n\n${'-'.repeat(70)}\n\n`);
  const all = rest.split(NEXT);
  return { preamble, posts: all.slice(0, -2), footer: all.at(-2) ?? '', end: all.at(-1) ?? '' };
}

/** The text of one post in its digest, without headers. */
async function bodyOf(post: string | Uint8Array, settings: Partial<ListSettings> = {}): Promise<string> {
  const { posts } = await pieces([post], settings);
  const text = posts.join(NEXT);
  return text.slice(text.indexOf('\n\n') + 2);
}

/** A post of parts, each headers and text. */
function multipart(subtype: string, ...parts: readonly string[]): string {
  const body = `${parts.map((part) => `--b\n${part}`).join('\n')}\n--b--\n`;
  return mail({ 'MIME-Version': '1.0', 'Content-Type': `multipart/${subtype}; boundary=b` }, body);
}

test('has the structure of RFC 1153', async () => {
  const { preamble, posts, footer, end } = await pieces([
    mail(),
    mail({ Subject: 'Again' }, '\n\n  two\n\n\n'),
  ]);
  expect(preamble).toMatch(/^This is a digest of the Ant mailing list\./);
  expect(preamble).toContain("\n\nToday's Topics:\n\n   1. Hello (Anne)\n   2. Again (Anne)");
  const headers = (number: number, subject: string) =>
    `Message: ${number}\nDate: Sat, 09 Mar 2024 17:04:05 +0000\nFrom: Anne <anne@example.com>\nSubject: ${subject}\nTo: ant@example.com\nMessage-ID: <one@example.com>\n\n`;
  expect(posts).toEqual([`${headers(1, 'Hello')}Hello.`, `${headers(2, 'Again')}  two`]);
  expect(footer).toMatch(/^Subject: Digest Footer\n\n_{10}/);
  expect(end).toBe(`End of Ant Digest, Vol 1, Issue 1\n${'*'.repeat(33)}\n`);
});

test('header and footer are templates of the list; empty ones leave no trace', async () => {
  const set = (name: string, text: string) =>
    putTemplate(
      bench.database.connection,
      { scope: 'list', listId: 'ant.example.com' },
      { name, language: '', source: { text } },
    );
  await set('list:member:digest:header', 'Before $list_name\n');
  await set('list:member:digest:footer', 'Behind $fqdn_listname\n');
  const framed = await pieces([mail()]);
  expect(framed.preamble).toContain("need.\n\nBefore ant\n\nToday's Topics:\n");
  expect(framed.footer).toBe('Subject: Digest Footer\n\nBehind ant@example.com');
  await set('list:member:digest:header', '');
  await set('list:member:digest:footer', ' \n');
  const text = textOf(await digestOf([mail()]));
  expect(text).toContain("need.\n\nToday's Topics:\n");
  expect(text).toContain(`\n\nHello.${NEXT}End of Ant Digest`);
});

describe('headers', () => {
  test('are decoded, and wrapped with a tab', async () => {
    const to = Array.from({ length: 9 }, (_, index) => `r${index}@example.com`).join(', ');
    const { posts } = await pieces([
      mail({ To: to, From: '=?utf-8?q?Andr=C3=A9?= <andre@example.com>', Subject: '=?utf-8?b?5pel5pys?=' }),
    ]);
    expect(posts[0]).toContain('\nFrom: André <andre@example.com>\n');
    expect(posts[0]).toContain('\nSubject: 日本\n');
    expect(posts[0]).toContain(
      '\nTo: r0@example.com, r1@example.com, r2@example.com, r3@example.com,\n\tr4@example.com, r5@example.com, r6@example.com, r7@example.com,\n\tr8@example.com\n',
    );
  });

  test('name the type of a post that was plain text, and of no other', async () => {
    const { posts } = await pieces([
      mail({ 'Content-Type': 'text/plain; charset=utf-8; format=flowed' }),
      multipart('mixed', '\ntext'),
      mail(),
    ]);
    expect(posts[0]).toContain('\nContent-Type: text/plain; charset=utf-8; format=flowed\n');
    expect(posts[1]).toContain('\nContent-Type: text/plain\n');
    expect(posts[2]).not.toContain('Content-Type');
  });

  test('cannot bring in further ones', async () => {
    const { posts } = await pieces([mail({ Subject: '=?utf-8?q?a=0D=0AFrom=3A_boss=40example=2Ecom?=' })]);
    expect(posts[0]?.match(/^From:/gm)).toHaveLength(1);
    expect(posts[0]).toMatch(/\nSubject: a {1,2}From: boss@example\.com\n/);
  });
});

describe('the text of a post', () => {
  test('is decoded from its charset and transfer encoding', async () => {
    const headers = {
      'Content-Type': 'text/plain; charset=iso-8859-1',
      'Content-Transfer-Encoding': 'quoted-printable',
    };
    expect(await bodyOf(mail(headers, 'Gr=FC=DFe\n'))).toBe('Grüße');
    const japanese = {
      'Content-Type': 'text/plain; charset=shift_jis',
      'Content-Transfer-Encoding': 'base64',
    };
    expect(
      await bodyOf(mail(japanese, `${Buffer.from([0x93, 0xfa, 0x96, 0x7b]).toString('base64')}\n`)),
    ).toBe('日本');
  });

  test('is that of all text parts, with a note in place of others', async () => {
    const post = multipart(
      'mixed',
      'Content-Type: text/plain\n\nfirst\n',
      'Content-Type: image/gif; name="cat.gif"\nContent-Transfer-Encoding: base64\nContent-Description: a cat\n\nR0lGODlh\n',
      'Content-Type: text/x-diff\nContent-Disposition: attachment; filename=a.diff\n\n-old\n+new\n',
    );
    expect(await bodyOf(post)).toBe(
      [
        'first',
        '-------------- next part --------------',
        'A part of this message is not plain text and was left out...',
        'Name: cat.gif',
        'Type: image/gif',
        'Size: 6 bytes',
        'Desc: a cat',
        '-------------- next part --------------',
        '-old',
        '+new',
      ].join('\n'),
    );
  });

  test('of alternatives is the plain one, else HTML made plain', async () => {
    const html = 'Content-Type: text/html\n\n<p>Hello <b>you</b></p>';
    expect(await bodyOf(multipart('alternative', html, 'Content-Type: text/plain\n\nplain'))).toBe('plain');
    expect(await bodyOf(multipart('alternative', 'Content-Type: text/calendar\n\nBEGIN', html))).toBe(
      'Hello you',
    );
    expect(await bodyOf(mail({ 'Content-Type': 'text/html' }, '<p>a</p><p>b</p>'))).toBe('a\n\nb');
  });

  test('has the texts of attached messages, with who wrote them', async () => {
    const inner =
      'From: =?utf-8?q?J=C3=BCrgen?= <j@example.org>\nSubject: Old\n news\nDate: Thu, 1 Jan 2004 00:00:00 +0000\n' +
      'X-Secret: not shown\nContent-Type: multipart/mixed; boundary=in\n\n' +
      '--in\n\nsomething old\n--in\nContent-Type: image/gif\n\nGIF\n--in\n\nmore\n--in--\n';
    const body = await bodyOf(
      multipart(
        'mixed',
        '\nlook',
        `Content-Type: message/rfc822\n\n${inner}`,
        'Content-Type: message/rfc822\n\n\nno headers\n',
      ),
    );
    const pieces = body.split('\n-------------- next part --------------\n');
    expect(pieces).toEqual([
      'look',
      'From: Jürgen <j@example.org>\nSubject: Old news\nDate: Thu, 1 Jan 2004 00:00:00 +0000\n\nsomething old',
      expect.stringContaining('Type: image/gif'),
      'more',
      'no headers',
    ]);
  });

  test('has no line of an attached message that separates posts', async () => {
    const inner = `Subject: ${'-'.repeat(30)}\n\n${'-'.repeat(30)}\nMessage: 9\n`;
    const body = await bodyOf(multipart('mixed', `Content-Type: message/rfc822\n\n${inner}`));
    expect(body).not.toMatch(/^-{30}$/m);
    expect(body).toContain('Message: 9');
  });

  test('is shown where its MIME is broken', async () => {
    const headers = { 'Content-Type': 'multipart/mixed' };
    expect(await bodyOf(mail(headers, 'no boundary\n'))).toBe('no boundary');
    expect(await bodyOf(mail(headers, 'no boundary\n'.repeat(10_000)))).toContain(
      '\nType: multipart/mixed\n',
    );
  });
});

describe('a hostile post', () => {
  test('cannot forge another one', async () => {
    const { posts } = await pieces([
      mail({}, `text\n\n${'-'.repeat(30)}\n\nMessage: 2\nFrom: boss@example.com\n\nPay.\n`),
      mail(),
    ]);
    expect(posts).toHaveLength(2);
    expect(posts[0]).toContain(`\n\n ${'-'.repeat(29)}\n\nMessage: 2\n`);
  });

  test('cannot forge lines of a note', async () => {
    const name = "a*=utf-8''x%0ASubject%3A%20y";
    const body = await bodyOf(
      multipart('mixed', '\nx', `Content-Type: image/gif; n${name.replace('a*', 'ame*')}\n\nG`),
    );
    expect(body).toContain('\nName: x Subject: y\n');
  });

  test('costs little time, whatever it is', async () => {
    const spent = processorTime();
    const nested = Array.from(
      { length: 200 },
      (_, level) => `Content-Type: multipart/alternative; boundary=b${level}\n\n--b${level}\n`,
    );
    await digestOf([
      mail({}, `${'\n'.repeat(1_000_000)}x`),
      mail({}, `${' '.repeat(1_000_000)}x`),
      mail({}, `${'-'.repeat(29)}\n`.repeat(30_000)),
      mail({ To: `${'a@b.c, '.repeat(100_000)}` }),
      `Subject: x\n${nested.join('')}`,
      multipart('alternative', ...Array.from({ length: 2000 }, () => 'Content-Type: text/html\n\n<b>')),
    ]);
    expect(spent()).toBeLessThan(5000);
  });
});

describe('the charset', () => {
  test('is that of the list where it has all characters, else UTF-8', async () => {
    const charset = ({ message }: GoneDigest) => message.root.contentType.parameters.get('charset');
    expect(charset(await digestOf([mail()]))).toBe('us-ascii');
    expect(charset(await digestOf([mail({ Subject: '=?utf-8?q?=E2=82=AC?=' })]))).toBe('utf-8');
  });

  test('of old Japanese lists is the one of Japanese mail', async () => {
    await bench.close();
    const config = defaultConfig();
    const japanese = { code: 'ja', description: 'Japanese', charset: 'euc-jp', enabled: true };
    bench = await openFlowBench({
      config: { ...config, languages: new Map([...config.languages, ['ja', japanese]]) },
    });
    await bench.join(['dora@example.net'], { deliveryMode: 'plaintext_digests' });
    const digest = await digestOf([mail({ Subject: '=?utf-8?b?5pel5pys6Kqe?=' })], {
      preferred_language: 'ja',
    });
    expect(digest.message.root.contentType.parameters.get('charset')).toBe('iso-2022-jp');
    expect(digest.message.headers.get('Subject')).toMatch(/^Ant =\?iso-2022-jp\?b\?/);
    expect(textOf(digest)).toContain('本日の話題:\n\n   1. 日本語 (Anne)\n');
    expect(textOf(digest)).toMatch(/\n\nAnt まとめ送り, 1 巻 1 号 終わり\n\*{32}\n$/);
  });
});
