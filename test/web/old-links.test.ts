import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { timeZone } from '../../src/archiving/legacy/time-zone.ts';
import { type VolumeFrequency, volumeName } from '../../src/archiving/legacy/volumes.ts';
import { removeList } from '../../src/lists/remove.ts';
import { messageIdHash } from '../../src/message/message-id-hash.ts';
import { mail, makeSite, type Site } from './site.ts';

let site: Site;
const ONE = messageIdHash('one@people.example');

beforeAll(async () => {
  site = await makeSite({ base_url: 'https://lists.example.com/' });
  const ant = await site.makeList('ant@example.com');
  const bee = await site.makeList('bee@example.com', { archive_policy: 'private' });
  await site.makeList('twin@example.com');
  await site.makeList('twin@example.org');
  for (const list of [ant, bee]) {
    await site.post(list, mail('one'));
    const { id = 0 } = (await site.archive.list(list.listId)) ?? {};
    const message = await site.archive.messageByHash(id, ONE);
    await site.archive.setOldPaths(id, [{ path: '2024-March/000123.html', message: message?.id ?? 0 }]);
    const file = (type: string, text: string) => ({
      type,
      content: Buffer.from(text),
      modified: 1_700_000_000_000,
    });
    await site.archive.setOldFile(
      id,
      'attachments/20240304/abcd/page.html',
      file('text/html', '<script>1</script>'),
    );
    await site.archive.setOldFile(id, 'attachments/20240304/abcd/note.txt', file('text/plain', 'a note'));
  }
});

afterAll(() => site.close());

const LIST = '/archives/list/ant@example.com';

test.each([
  ['/pipermail/ant/2024-March/000123.html', `${LIST}/message/${ONE}/`],
  ['/pipermail/Ant/2024-March/000123.html', `${LIST}/message/${ONE}/`],
  ['/mailman/private/ant/2024-March/000123.html', `${LIST}/message/${ONE}/`],
  ['/pipermail/ant@example.com/2024-March/000123.html', `${LIST}/message/${ONE}/`],
  ['/pipermail/ant/', `${LIST}/`],
  ['/pipermail/ant', `${LIST}/`],
  ['/pipermail/ant/index.html', `${LIST}/`],
  ['/pipermail/ant/2024-March/thread.html', `${LIST}/2024/03/`],
  ['/pipermail/ant/2024-March/subject.html', `${LIST}/2024/03/`],
  ['/pipermail/ant/2024-March/author.html', `${LIST}/2024/03/`],
  ['/pipermail/ant/2024-March/date.html', `${LIST}/2024/03/`],
  ['/pipermail/ant/2024-March/', `${LIST}/2024/03/`],
  ['/pipermail/ant/2024q2/', `${LIST}/2024/04/`],
  ['/pipermail/ant/2024/', `${LIST}/months/#y2024`],
  ['/pipermail/ant/Week-of-Mon-20240304/', `${LIST}/2024/03/`],
  ['/pipermail/ant/20240304/', `${LIST}/2024/03/`],
  ['/pipermail/ant/2024-March.txt', `${LIST}/export/ant-2024-March.txt?volume=2024-March`],
  ['/pipermail/ant/2024-March.txt.gz', `${LIST}/export/ant-2024-March.mbox.gz?volume=2024-March`],
  ['/pipermail/ant/2024q1.txt', `${LIST}/export/ant-2024q1.txt?volume=2024q1`],
  ['/mailman/private/ant/2024.txt.gz', `${LIST}/export/ant-2024.mbox.gz?volume=2024`],
  ['/pipermail/ant.mbox/ant.mbox', `${LIST}/export/ant.mbox.gz`],
  ['/mailman/listinfo/ant', '/lists/ant@example.com/'],
  ['/mailman/listinfo', '/archives/'],
  ['/hyperkitty/list/ant@example.com/', `${LIST}/`],
  ['/mailman3/hyperkitty/list/ant@example.com/thread/X/?sort=thread', `${LIST}/thread/X/?sort=thread`],
])('%s leads to %s for good', async (url, location) => {
  const answer = await site.app.inject({ url });
  expect([answer.statusCode, answer.headers.location]).toEqual([301, location]);
});

test.each([
  ...['/pipermail/none/', '/pipermail/ant/2024-March/999999.html', '/pipermail/ant/attachments/none.bin'],
  ...['/pipermail/ant/..%2f..%2fetc/passwd', '/mailman/listinfo/none', '/pipermail/', '/mailman/private/'],
])('%s is not found', async (url) => {
  expect((await site.app.inject({ url })).statusCode).toBe(404);
});

test.each([
  ...[
    '2024-March/000123.html',
    '2024-March/999999.html',
    'attachments/20240304/abcd/page.html',
    '',
    '2024-March.txt',
  ],
])('of a private list nobody learns anything: %j', async (rest) => {
  for (const place of ['/pipermail/bee/', '/mailman/private/bee/']) {
    const { statusCode, headers } = await site.app.inject({ url: place + rest });
    expect(statusCode).toBe(303);
    expect(headers.location).toBe(`/accounts/login/?next=${encodeURIComponent(place + rest)}`);
  }
});

test('a password in an old address goes no further', async () => {
  const url = '/mailman/private/bee/?username=anne%40people.example&password=OldSecret';
  const { statusCode, headers, body } = await site.app.inject({ url });
  expect(statusCode).toBe(303);
  expect(headers.location).toBe(`/accounts/login/?next=${encodeURIComponent('/mailman/private/bee/')}`);
  expect(body).not.toContain('OldSecret');
});

test('files that were taken over are served, and run nowhere', async () => {
  const page = await site.app.inject({ url: '/pipermail/ant/attachments/20240304/abcd/page.html' });
  expect(page.statusCode).toBe(200);
  expect(page.headers['content-type']).toBe('application/octet-stream');
  expect(page.headers['content-disposition']).toContain('attachment;');
  const note = await site.app.inject({ url: '/pipermail/ant/attachments/20240304/abcd/note.txt' });
  expect([note.body, note.headers['content-type']]).toEqual(['a note', 'text/plain; charset=utf-8']);
  expect(note.headers['content-security-policy']).toContain('sandbox');
  expect(note.headers['last-modified']).toBe('Tue, 14 Nov 2023 22:13:20 GMT');
});

test.each([
  ['yearly', '2023', ['eve']],
  ['yearly', '2024', ['night', 'monday', 'sunday', 'week', 'later']],
  ['quarterly', '2024q1', ['night', 'monday', 'sunday', 'week', 'later']],
  ['monthly', '2024-January', ['night', 'monday', 'sunday', 'week', 'later']],
  ['weekly', 'Week-of-Mon-20240101', ['night', 'monday', 'sunday', 'later']],
  ['weekly', 'Week-of-Mon-20240108', ['week']],
  ['daily', '20240101', ['night', 'monday']],
  ['daily', '20240107', ['sunday', 'later']],
  ['daily', '20240109', []],
])('the texts of a %s archive hold what was in them: %s', async (frequency, volume, expected) => {
  const name = `v-${frequency}-${volume}`.toLowerCase();
  const list = await site.makeList(`${name}@example.com`);
  // The old server's clock was an hour ahead of UTC; its volumes hold.
  const old: [string, string, string][] = [
    ['eve', 'Sun, 31 Dec 2023 10:00:00 +0000', '2023-12-31T11:00:00'],
    ['night', 'Sun, 31 Dec 2023 23:30:00 +0000', '2024-01-01T00:30:00'],
    ['monday', 'Mon, 01 Jan 2024 10:00:00 +0000', '2024-01-01T11:00:00'],
    ['sunday', 'Sun, 07 Jan 2024 22:30:00 +0000', '2024-01-07T23:30:00'],
    ['week', 'Sun, 07 Jan 2024 23:30:00 +0000', '2024-01-08T00:30:00'],
  ];
  for (const [id, date] of old) await site.post(list, mail(id, { date }));
  // Came when Mailman 2 was gone.
  await site.post(list, mail('later', { date: 'Sun, 07 Jan 2024 23:45:00 +0000' }));
  const { id: key = 0 } = (await site.archive.list(list.listId)) ?? {};
  const paths = old.map(async ([id, , local], number) => {
    const message = await site.archive.messageByHash(key, messageIdHash(`${id}@people.example`));
    const folder = volumeName(Date.parse(`${local}Z`) / 1000, frequency as VolumeFrequency, timeZone('UTC'));
    return { path: `${folder}/00000${number}.html`, message: message?.id ?? 0 };
  });
  await site.archive.setOldPaths(key, await Promise.all(paths));
  for (const ending of ['.txt', '.txt.gz']) {
    const { headers } = await site.app.inject({ url: `/pipermail/${name}/${volume}${ending}` });
    const answer = await site.app.inject({ url: String(headers.location) });
    expect(answer.statusCode).toBe(200);
    const text = ending === '.txt' ? answer.body : gunzipSync(answer.rawPayload).toString();
    const ids = [...text.matchAll(/^Message-ID: <(.+)@people\.example>$/gm)].map(([, id]) => id);
    expect(ids).toEqual(expected);
    if (ending === '.txt') expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
  }
});

test('lists of one name are offered', async () => {
  const { statusCode, body } = await site.app.inject({ url: '/pipermail/twin/2024-March/000001.html' });
  expect(statusCode).toBe(300);
  expect(body).toContain('href="/pipermail/twin%40example.com/2024-March/000001.html"');
  expect(body).toContain('href="/pipermail/twin%40example.org/2024-March/000001.html"');
});

test('links that name the list before its archive was moved lead to the same messages', async () => {
  const old = await site.makeList('before@example.com');
  const present = await site.makeList('after@example.org');
  const closed = await site.makeList('closed@example.org', { archive_policy: 'private' });
  await site.post(old, mail('one'));
  const { id = 0 } = (await site.archive.list(old.listId)) ?? {};
  const message = await site.archive.messageByHash(id, ONE);
  await site.archive.setOldPaths(id, [{ path: '2024-March/000001.html', message: message?.id ?? 0 }]);
  const leadsTo = async (url: string): Promise<unknown[]> => {
    const { statusCode, headers } = await site.app.inject({ url });
    return [statusCode, headers.location];
  };

  await site.archive.moveList(old.listId, present.listId);
  // Also while the list of the old name is still there.
  for (const isThere of [true, false]) {
    if (!isThere) await site.services.database.transaction((connection) => removeList(connection, old));
    for (const spec of ['before@example.com', 'before.example.com', 'Before@Example.com'])
      expect(await leadsTo(`/archives/list/${spec}/message/${ONE}/?a=b`)).toEqual([
        ...[301, `/archives/list/after@example.org/message/${ONE}/?a=b`],
      ]);
    for (const name of ['before', 'before@example.com'])
      expect(await leadsTo(`/pipermail/${name}/2024-March/000001.html`)).toEqual([
        ...[301, `/archives/list/after@example.org/message/${ONE}/`],
      ]);
  }
  expect(await leadsTo('/archives/list/other@example.com/')).toEqual([404, undefined]);

  await site.archive.moveList(present.listId, closed.listId);
  for (const url of ['/archives/list/before@example.com/', '/pipermail/before/2024-March/000001.html'])
    expect(await leadsTo(url)).toEqual([303, `/accounts/login/?next=${encodeURIComponent(url)}`]);

  // A name that is in use again is nobody's former one.
  await site.archive.moveList(closed.listId, present.listId);
  expect((await leadsTo('/archives/list/after@example.org/'))[0]).toBe(200);
  await site.archive.deleteList(present.listId);
  expect(await leadsTo('/archives/list/before@example.com/')).toEqual([404, undefined]);
});
