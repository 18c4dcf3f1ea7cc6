import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ArchivedMessage } from '../../src/archiving/store/types.ts';
import { mail, makeSite, type Site } from './site.ts';

const SECRET = /secret|zebra|hidden\.example|quagga/i;

let site: Site;
let message: ArchivedMessage;

beforeAll(async () => {
  site = await makeSite();
  const open = await site.makeList('open@example.com');
  const inner = await site.makeList('inner@example.com', { archive_policy: 'private', advertised: false });
  const from = 'Zebra Secret <anne@people.example>';
  const hidden = 'Quagga <quagga@hidden.example>';
  await site.post(open, mail('public', { from: 'Anne Person <anne@people.example>', subject: 'Open' }));
  await site.post(
    inner,
    mail('private', {
      from,
      subject: 'A secret subject',
      body: 'Zebra in the text.\n',
      headers:
        'MIME-Version: 1.0\nContent-Type: application/pdf; name=secret.pdf\nContent-Disposition: attachment\n',
    }),
    mail('other', { from: hidden, subject: 'Another secret', date: 'Tue, 05 Mar 2024 10:00:00 +0000' }),
  );
  const archived = await site.archive.list(inner.listId);
  const { items } = await site.archive.messages({ lists: [archived?.id ?? 0] }, { limit: 10 });
  const found = items.find(({ messageId }) => messageId === 'private@people.example');
  if (!found) throw new Error('not archived');
  message = found;
  await site.archive.setOldPaths(found.list, [{ path: '2024-March/000000.html', message: found.id }]);
  await site.archive.setOldFile(found.list, 'attachments/20240304/secret.txt', {
    type: 'text/plain',
    content: Buffer.from('zebra'),
    modified: 0,
  });
});

afterAll(() => site.close());

/** Everything that leads into the private list. HASH, ID and SENDER are those of its first message. */
const INSIDE = [
  ...['', 'latest/', 'months/', '2024/03/', 'feed/', 'search/', 'search/?q=zebra', 'search/feed/?q=zebra'],
  ...['thread/HASH/', 'thread/HASH/?view=flat', 'thread/HASH/feed/', 'message/HASH/', 'message/HASH/raw/'],
  ...[
    'message/HASH/headers/',
    'message/HASH/html/',
    'message/HASH/?all=1',
    'message/HASH/attachment/0/secret.pdf',
  ],
  ...[
    'export/inner.mbox.gz',
    'export/x.mbox.gz?month=2024-03',
    'export/x.mbox.gz?thread=HASH',
    'author/SENDER/',
  ],
].map((rest) => `/archives/list/inner@example.com/${rest}`);

const OLD = [
  ...['', '2024-March/000000.html', '2024-March/thread.html', '2024-March.txt', '2024-March.txt.gz'],
  'attachments/20240304/secret.txt',
].flatMap((rest) => [`/pipermail/inner/${rest}`, `/mailman/private/inner/${rest}`]);

const named = (path: string): string =>
  path.replace('HASH', message.hash).replace('SENDER', String(message.sender.id));

describe('what is in a private archive', () => {
  const ways = [
    ...INSIDE,
    ...INSIDE.map((path) => path.replace('inner@example.com', 'inner.example.com')),
    ...INSIDE.map((path) => path.replace('inner@', 'INNER@')),
    ...OLD,
  ];

  test.each(ways)('is not shown at %s', async (path) => {
    for (const method of ['GET', 'HEAD'] as const) {
      for (const headers of [
        {},
        { 'if-none-match': '*' },
        { 'if-modified-since': new Date().toUTCString() },
      ]) {
        const answer = await site.app.inject({ method, url: named(path), headers });
        expect(answer.statusCode, method).toBe(303);
        expect(answer.headers.location).toMatch(/^\/accounts\/login\/\?next=/);
        expect(answer.headers['cache-control']).toContain('private');
        expect(answer.headers.etag).toBeUndefined();
        expect(answer.headers['last-modified']).toBeUndefined();
        expect(answer.body).not.toMatch(SECRET);
      }
    }
  });

  test('is not found through other lists', async () => {
    const ways = [
      ...[
        '/archives/',
        '/archives/?name=inner',
        '/archives/search/?q=zebra',
        '/archives/search/?q=secret+-x',
      ],
      ...['/archives/search/?from=quagga', '/archives/search/?q=-nothing', '/archives/search/feed/?q=secret'],
      ...[
        '/archives/search/?attachment=1',
        '/archives/search/?after=2000-01-01',
        '/archives/search/?q=L2+Y2024',
      ],
      ...[
        'latest/?after=0',
        'author/SENDER/',
        'author/1/?after=0',
        'author/2/?after=0',
        'author/3/?after=99',
      ],
      ...[
        'message/HASH/',
        'thread/HASH/',
        'message/HASH/raw/',
        'export/x.mbox.gz?thread=HASH',
        'search/?q=zebra',
      ],
    ].map((path) => (path.startsWith('/') ? path : `/archives/list/open@example.com/${path}`));
    for (const path of ways) {
      const answer = await site.app.inject(named(path));
      // What was asked for is said back.
      const body = answer.body.replaceAll(/value="[^"]*"|href="[^"]*"|<(title|id)>[^<]*<\/\1>/g, '');
      expect(body, path).not.toMatch(SECRET);
      expect(body, path).not.toContain('inner@example.com');
    }
  });

  test('gives an author of two lists the name of the one that is read', async () => {
    const page = await site.app.inject(named('/archives/list/open@example.com/author/SENDER/'));
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('Anne Person');
  });
});
