import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { messageIdHash } from '../../src/message/message-id-hash.ts';
import { asAttachment } from '../../src/web/content-disposition.ts';
import { mail, makeSite, type Site } from './site.ts';

let site: Site;
const ANT = '/archives/list/ant@example.com/';
const MESSAGE = `${ANT}message/${messageIdHash('one@people.example')}/`;

beforeAll(async () => {
  site = await makeSite();
  const list = await site.makeList('ant@example.com');
  await site.post(
    list,
    mail('one', {
      headers:
        "MIME-Version: 1.0\nContent-Type: application/pdf; name*=utf-8''a%0D%0ASet-Cookie%3A%20evil%3D1%22%3Bx.pdf\nContent-Disposition: attachment\n",
      body: 'PDF\n',
    }),
  );
  const archived = await site.archive.list(list.listId);
  await site.archive.setOldFile(archived?.id ?? 0, 'attachments/20240304/page.html', {
    type: 'text/html',
    content: Buffer.from('<script>alert(1)</script>'),
    modified: 0,
  });
});

afterAll(() => site.close());

test.each([
  { host: 'evil.example' },
  { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'javascript', 'x-forwarded-port': '666' },
  {
    'x-forwarded-prefix': '//evil.example',
    'x-original-url': '//evil.example/',
    'x-rewrite-url': '/evil.example',
  },
  { forwarded: 'host=evil.example;proto=http' },
  { 'x-http-method-override': 'POST', referer: 'https://evil.example/' },
])('nothing of the request gets into a page that others are shown: %j', async (headers) => {
  const paths = [
    '/archives/',
    ANT,
    MESSAGE,
    `${ANT}feed/`,
    `${ANT}latest/`,
    '/accounts/login/',
    '/pipermail/ant/',
    '/robots.txt',
  ];
  for (const url of paths) {
    const plain = await site.app.inject({ url });
    const changed = await site.app.inject({ url, headers });
    const forms = /value="[\w-]{43}"/g;
    expect(changed.body.replace(forms, ''), url).toBe(plain.body.replace(forms, ''));
    expect(JSON.stringify(changed.headers), url).not.toContain('evil');
  }
});

test.each([
  ...[
    '../../../../etc/passwd',
    '..%2f..%2f..%2fetc%2fpasswd',
    '%2e%2e/%2e%2e/etc/passwd',
    '....//etc/passwd',
    '..%5c..%5cetc',
  ],
  ...[
    'attachments/../../../etc/passwd',
    '%00',
    'attachments/20240304/page.html%00.txt',
    'attachments/20240304/../../x',
    '/etc/passwd',
  ],
])('no path leads to another file: %s', async (path) => {
  for (const base of [
    '/pipermail/ant/',
    '/mailman/private/ant/',
    `${MESSAGE}attachment/0/`,
    `${ANT}export/`,
    '/static/x/',
  ]) {
    const { statusCode, body } = await site.app.inject({ url: base + path });
    expect([301, 303, 400, 404], base).toContain(statusCode);
    expect(body).not.toContain('root:');
  }
});

describe('files from mails and old archives', () => {
  test('are downloads in a sandbox, whatever they say that they are', async () => {
    const page = await site.app.inject({ url: '/pipermail/ant/attachments/20240304/page.html' });
    expect(page.headers['content-type']).toBe('application/octet-stream');
    expect(page.headers['content-disposition']).toMatch(/^attachment; /);
    expect(page.headers['content-security-policy']).toContain('sandbox');
    expect(page.headers['x-content-type-options']).toBe('nosniff');
  });

  test('put nothing into the header with their names', async () => {
    const message = await site.app.inject({ url: MESSAGE });
    const [, path = ''] = /href="([^"]*\/attachment\/[^"]*)"/.exec(message.body) ?? [];
    const { statusCode, headers } = await site.app.inject({ url: path.replaceAll('&amp;', '&') });
    expect(statusCode).toBe(200);
    expect(headers['set-cookie']).toBeUndefined();
    expect(headers['content-disposition']).toMatch(
      /^attachment; filename="[\w. -]*"; filename\*=UTF-8''[\w.%~!-]*$/,
    );
  });

  test.each([
    'a"b',
    'a\r\nX: y',
    '\u0000',
    '\ud800',
    '😀.png',
    '„x“.txt',
    "it's (1)*.pdf",
    '',
    '%22',
    'a\\b',
    '../x',
    '‮gpj.exe',
  ])('have names that a header can hold: %j', (name) => {
    const value = asAttachment(name);
    expect(value).toMatch(/^attachment; filename="[\w. -]*"; filename\*=UTF-8''[\w.%~!-]*$/);
    const [, encoded = ''] = /UTF-8''(.*)$/.exec(value) ?? [];
    expect(decodeURIComponent(encoded)).toBe(name.toWellFormed());
  });
});

test.each([
  ...[
    "' OR 1=1 --",
    '") OR rowid > 0 --',
    'subject:"a" OR body:"b"',
    '{subject} : x',
    '^a',
    'a + b',
    'NEAR(a b, 5)',
    'a:*',
    'x*y*z*',
  ],
  ...[
    '(((((',
    '&|!<->:*',
    "'':A",
    '\\',
    '%',
    '\u0000',
    '￿',
    'a'.repeat(20_000),
    '"'.repeat(999),
    '- - -',
    '日*',
    '(?:a+)+$',
  ],
])('the search takes %j for words', async (text) => {
  const { statusCode, body } = await site.app.inject({ url: `${ANT}search/?q=${encodeURIComponent(text)}` });
  expect(statusCode).toBe(200);
  expect(body).not.toMatch(/fts5|syntax|SQLITE/i);
});
