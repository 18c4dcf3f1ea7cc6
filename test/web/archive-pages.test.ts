import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAddresses } from '../../src/message/addresses.ts';
import { messageIdHash } from '../../src/message/message-id-hash.ts';
import type { MailingList } from '../../src/model/mailing-list.ts';
import { mail, makeSite, type Site } from './site.ts';

const ANT = '/archives/list/ant@example.com/';
const ONE = messageIdHash('one@people.example');
const TWO = messageIdHash('two@people.example');

let site: Site;
let ant: MailingList;

beforeAll(async () => {
  site = await makeSite({ base_url: 'https://lists.example.com/' });
  ant = await site.makeList('ant@example.com', { display_name: 'Ants', subject_prefix: '[Ant] ' });
  await site.post(
    ant,
    mail('one', {
      subject: '[Ant] The first & best',
      body: 'Write to anne@people.example or see https://example.org/~a?b=1&c=2.\n\n-- \nAnne\n',
    }),
    mail('two', {
      from: 'Bart <bart@people.example>',
      subject: 'Re: [Ant] The first & best',
      answers: 'one',
      date: 'Tue, 05 Mar 2024 10:00:00 +0000',
      body: '> Write to anne@people.example\n> a\n> b\n> c\n> d\n> e\n> f\n\nThank you.\n',
    }),
    mail('april', { subject: 'Something else', date: 'Mon, 01 Apr 2024 09:00:00 +0200' }),
  );
});

afterAll(() => site.close());

const get = (url: string, headers: Record<string, string> = {}) => site.app.inject({ url, headers });

describe('addresses of HyperKitty', () => {
  test.each([
    ['/archives/', 'Ants'],
    [ANT, 'Something else'],
    [ANT.slice(0, -1), 'Something else'],
    [ANT.replace('@', '%40'), 'Something else'],
    ['/archives/list/ant.example.com/', 'Something else'],
    [`${ANT}latest`, 'The first &amp; best'],
    [`${ANT}2024/3/`, 'The first &amp; best'],
    [`${ANT}2024/03/`, 'The first &amp; best'],
    [`${ANT}message/${ONE}/`, '[Ant] The first &amp; best'],
    [`${ANT}message/${ONE.toLowerCase()}`, '[Ant] The first &amp; best'],
    [`${ANT}thread/${ONE}/`, 'Thank you.'],
    [`${ANT}thread/${TWO}/`, 'Thank you.'],
  ])('%s holds', async (url, text) => {
    const answer = await get(url);
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain(text);
  });

  test.each([
    ...['/archives/list/none@example.com/', `${ANT}message/${ONE.replace(/^./, 'A')}/`, `${ANT}2024/13/`],
    ...[`${ANT}message/..%2f..%2fetc/`, `${ANT}thread/x/`, `${ANT}author/999999/`, `${ANT}export/x.zip`],
    ...[`${ANT}message/${ONE}/attachment/0/x`, `${ANT}message/${ONE}/html/`, '/static/0/style.css'],
  ])('%s is not found', async (url) => {
    const answer = await get(url);
    expect(answer.statusCode).toBe(404);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.body).not.toMatch(/at .*\.ts:|node_modules/);
  });
});

describe('every answer', () => {
  test('has a policy that allows no script', async () => {
    for (const url of ['/archives/', `${ANT}thread/${ONE}/`, '/nowhere', '/accounts/login/']) {
      const { headers, body } = await get(url);
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'/);
      expect(headers['content-security-policy']).not.toMatch(/script-src|unsafe/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['x-frame-options']).toBe('DENY');
      expect(body).not.toMatch(/<script|<style|\sstyle=/);
    }
  });

  test('is not sent again to whoever has it', async () => {
    for (const url of [
      '/archives/',
      ANT,
      `${ANT}message/${ONE}/`,
      `${ANT}message/${ONE}/raw/`,
      `${ANT}feed/`,
    ]) {
      const { headers } = await get(url);
      expect(headers['cache-control']).toBe('public, no-cache');
      const again = await get(url, { 'if-none-match': String(headers.etag) });
      expect(again.statusCode).toBe(304);
      expect(again.body).toBe('');
    }
  });

  test('is compressed for whoever can read that, with a tag of its own', async () => {
    const plain = await get(ANT);
    const small = await get(ANT, { 'accept-encoding': 'br, gzip;q=0.8' });
    expect(small.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(small.rawPayload).toString()).toBe(plain.body);
    expect(small.headers.etag).not.toBe(plain.headers.etag);
    const again = await get(ANT, { 'accept-encoding': 'gzip', 'if-none-match': String(small.headers.etag) });
    expect(again.statusCode).toBe(304);
    expect((await get(ANT, { 'accept-encoding': 'gzip;q=0' })).headers['content-encoding']).toBeUndefined();
  });

  test('of a message says when that was written', async () => {
    const { headers } = await get(`${ANT}message/${ONE}/`);
    expect(headers['last-modified']).toBe('Mon, 04 Mar 2024 10:00:00 GMT');
  });

  test('is kept from all search engines where the site wants that', async () => {
    expect((await get('/robots.txt')).body).toContain('Disallow: /archives/search/\n');
    const hidden = await makeSite({ robots: false });
    const list = await hidden.makeList('ant@example.com');
    await hidden.post(list, mail('one'));
    expect((await hidden.app.inject('/robots.txt')).body).toBe('User-agent: *\nDisallow: /\n');
    expect((await hidden.app.inject(ANT)).body).toContain('content="noindex, nofollow"');
    await hidden.close();
  });

  test('of the stylesheet stays for a year', async () => {
    const [, url = ''] = /href="(\/static\/[^"]+\.css)"/.exec((await get('/archives/')).body) ?? [];
    const { headers } = await get(url);
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(headers['content-type']).toBe('text/css; charset=utf-8');
  });

  test('also answers HEAD', async () => {
    for (const url of [ANT, `${ANT}export/ant.mbox.gz`])
      expect((await site.app.inject({ method: 'HEAD', url })).statusCode).toBe(200);
  });
});

describe('e-mail addresses', () => {
  const URLS = [
    ...['', 'latest/', '2024/03/', 'feed/', 'search/?q=write', 'search/feed/?q=write', 'author/1/'],
    ...[`message/${ONE}/`, `message/${ONE}/raw/`, `message/${ONE}/headers/`, `message/${TWO}/`],
    ...[`thread/${ONE}/`, `thread/${ONE}/feed/`],
  ];

  test.each(URLS)('are hidden on %s', async (rest) => {
    const answer = await get(ANT + rest);
    expect(answer.statusCode).toBe(200);
    expect(
      answer.body.replaceAll(/<?(?:one|two|april)@people\.example|%3C\w+%40people.example/g, ''),
    ).not.toMatch(/@people\.example|%40people/);
  });

  test('are hidden in downloads, where Message-IDs stay', async () => {
    const { rawPayload } = await get(`${ANT}export/ant.mbox.gz`);
    const mbox = gunzipSync(rawPayload).toString();
    expect(mbox).toContain('From: Anne Person <anne(a)people.example>');
    expect(mbox).toContain('Write to anne(a)people.example');
    expect(mbox).toContain('Message-ID: <two@people.example>');
    expect(mbox).toContain('In-Reply-To: <one@people.example>');
  });

  test('are shown where the list wants that, and downloads are as they came', async () => {
    const open = await site.makeList('open@example.com', { obscure_addresses: false });
    const original = mail('open', { body: 'Write to anne@people.example.\n' });
    await site.post(open, original);
    const url = `/archives/list/open@example.com/message/${messageIdHash('open@people.example')}/`;
    expect((await get(url)).body).toContain('anne@people.example');
    expect((await get(`${url}raw/`)).body).toBe(original);
  });
});

test('an answer by mail belongs to the thread', async () => {
  const { body } = await get(`${ANT}message/${TWO}/`);
  const [, href = ''] = /href="(mailto:[^"]+)"/.exec(body) ?? [];
  const url = new URL(href.replaceAll('&amp;', '&'));
  expect(parseAddresses(url.pathname)).toEqual([{ address: 'ant@example.com', displayName: '' }]);
  expect(Object.fromEntries(url.searchParams)).toEqual({
    'In-Reply-To': '<two@people.example>',
    Subject: 'Re: [Ant] The first & best',
  });
});

test('a feed is well-formed and leads to permalinks', async () => {
  for (const url of [`${ANT}feed/`, `${ANT}thread/${ONE}/feed/`, '/archives/search/feed/?q=best']) {
    const { body, headers } = await get(url);
    expect(headers['content-type']).toBe('application/atom+xml; charset=utf-8');
    const { stack, isWhole } = readXml(body);
    expect([stack, isWhole]).toEqual([[], true]);
    expect(body).toContain(`<id>https://lists.example.com${ANT}message/${TWO}/</id>`);
    expect(body).toContain('<title>Re: [Ant] The first &amp; best</title>');
  }
});

test('mboxes of a month and of a thread have its messages only', async () => {
  const idsIn = async (url: string): Promise<string[]> =>
    [
      ...gunzipSync((await get(url)).rawPayload)
        .toString()
        .matchAll(/^Message-ID: <(\w+)@/gm),
    ].map(([, id = '']) => id);
  expect(await idsIn(`${ANT}export/x.mbox.gz?month=2024-04`)).toEqual(['april']);
  expect(await idsIn(`${ANT}export/x.mbox.gz?start=2024-03-01&end=2024-04-01`)).toEqual(['one', 'two']);
  expect((await idsIn(`${ANT}export/x.mbox.gz?thread=${TWO}`)).sort()).toEqual(['one', 'two']);
});

test('quotes are folded, links lead out without saying from where', async () => {
  const { body } = await get(`${ANT}thread/${ONE}/`);
  expect(body).toContain('<details class="quote"><summary>7 quoted lines</summary>');
  expect(body).toContain(
    '<a href="https://example.org/~a?b=1&amp;c=2" rel="nofollow ugc noopener noreferrer">https://example.org/~a?b=1&amp;c=2</a>.',
  );
});

test('what was searched is marked in texts and subjects', async () => {
  const { body } = await get(`${ANT}search/?q=best`);
  expect(body).toContain('[Ant] The first &amp; <mark>best</mark></bdi>');
  expect((await get(`${ANT}search/?q=%22thank+you%22`)).body).toContain(
    '<mark>Thank</mark> <mark>you</mark>.',
  );
});

test('of what owners have written in HTML, the words are shown', async () => {
  const info = '<p>All about <b>wasps</b> &amp; bees.</p><script>alert(1)</script>\n\nPlease be kind.';
  await site.makeList('wasp@example.com', { info });
  const { body } = await get('/archives/list/wasp@example.com/');
  expect(body).toContain('<p dir="auto">All about wasps &amp; bees.</p>');
  expect(body).toContain('<p dir="auto">Please be kind.</p>');
  expect(body).not.toContain('script>');
});

test('pages are in the language of the list, below the path of base_url', async () => {
  const other = await makeSite({ base_url: 'https://example.com/mail/' });
  const list = await other.makeList('biene@example.com', { preferred_language: 'de' });
  await other.post(list, mail('one'));
  for (const prefix of ['', '/mail']) {
    const { body } = await other.app.inject({ url: `${prefix}/archives/list/biene@example.com/` });
    expect(body).toContain('<html lang="de">');
    expect(body).toContain('Nachrichten je Monat');
    const links = [...body.matchAll(/(?:href|action)="(\/[^"]*)"/g)].map(([, path = '']) => path);
    expect(links.every((path) => path.startsWith('/mail/'))).toBe(true);
  }
  await other.close();
});

test('lists that are not advertised are found by their address only, and not by robots', async () => {
  const quiet = await site.makeList('quiet@example.com', { advertised: false });
  await site.post(quiet, mail('quiet', { body: 'silence\n' }));
  expect((await get('/archives/')).body).not.toContain('quiet@example.com');
  expect((await get('/archives/search/?q=silence')).body).not.toContain('quiet@example.com');
  const { body } = await get('/archives/list/quiet@example.com/');
  expect(body).toContain('A subject');
  expect(body).toContain('<meta name="robots" content="noindex, nofollow">');
});

test('many lists come page by page, and are found by name', async () => {
  const other = await makeSite();
  for (let number = 0; number < 120; number += 1)
    await other.makeList(`list${String(number).padStart(3, '0')}@example.com`, {
      description: `About ${number}`,
    });
  const first = await other.app.inject('/archives/');
  expect(first.body.match(/<li>\n<h2>/g)?.length).toBe(100);
  expect(first.rawPayload.length).toBeLessThan(150_000);
  const [, next = ''] = /rel="next" href="([^"]+)"/.exec(first.body) ?? [];
  expect((await other.app.inject(next)).body).toContain('list119@example.com');
  const found = await other.app.inject('/archives/?name=ABOUT+77');
  expect(found.body.match(/<li>\n<h2>/g)?.length).toBe(1);
  expect(found.body).toContain('list077@example.com');
  await other.close();
});

describe('a thread of 100 long messages', () => {
  test.each(['', '?view=flat', '?page=2', '?page=99', '?page=-1'])(
    'stays below 150 KB: %j',
    async (query) => {
      const body = `${'A rather long line of a rather long message, as people write them.\n'.repeat(40)}\n`;
      const mails = Array.from({ length: 100 }, (_, index) =>
        mail(`long${index}`, {
          subject: 'Long',
          body: `${body}${body.replaceAll(/^/gm, '> ')}`,
          date: new Date(Date.UTC(2023, 0, 1, index)).toUTCString(),
          ...(index > 0 ? { answers: `long${index - 1}` } : {}),
        }),
      );
      await site.post(ant, ...mails);
      const answer = await get(`${ANT}thread/${messageIdHash('long0@people.example')}/${query}`);
      expect(answer.statusCode).toBe(200);
      expect(answer.rawPayload.length).toBeLessThan(150_000);
      expect(answer.body).toContain('Show all of it');
      expect(answer.body.match(/<article/g)?.length).toBe(50);
    },
  );
});

test('a thread of mails with many files and endless subjects stays below 150 KB', async () => {
  const files = Array.from(
    { length: 20 },
    (_, index) => `--b\nContent-Type: image/png; name="picture-with-a-long-name-${index}.png"\n\nx\n`,
  ).join('');
  const mails = Array.from({ length: 60 }, (_, index) =>
    mail(`files${index}`, {
      subject: `=?utf-8?B?${Buffer.from('件'.repeat(400)).toString('base64')}?=`,
      headers: 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n',
      body: `--b\nContent-Type: text/plain\n\n${'Some words of the author.\n'.repeat(100)}\n${files}--b--\n`,
      ...(index > 0 ? { answers: 'files0' } : {}),
    }),
  );
  await site.post(ant, ...mails);
  const answer = await get(`${ANT}thread/${messageIdHash('files0@people.example')}/`);
  expect(answer.statusCode).toBe(200);
  expect(answer.rawPayload.length).toBeLessThan(150_000);
  expect(answer.body).toContain('20 attachments');
});

/** A reader of XML that knows no more than whether elements are closed in order. */
function readXml(text: string): { readonly stack: readonly string[]; readonly isWhole: boolean } {
  const stack: string[] = [];
  let isWhole = text.startsWith('<?xml');
  for (const [, end, name = '', empty] of text.matchAll(/<(\/?)([\w:]+)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (end) isWhole &&= stack.pop() === name;
    else if (!empty) stack.push(name);
  }
  isWhole &&= !/&(?!amp;|lt;|gt;|quot;|#39;)/.test(text);
  return { stack, isWhole };
}
