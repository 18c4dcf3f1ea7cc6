import { afterAll, beforeAll, expect, test } from 'vitest';
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
  ['/pipermail/ant/2024-March.txt', `${LIST}/export/ant-2024-03.mbox.gz?month=2024-03`],
  ['/pipermail/ant/2024-March.txt.gz', `${LIST}/export/ant-2024-03.mbox.gz?month=2024-03`],
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

test('lists of one name are offered', async () => {
  const { statusCode, body } = await site.app.inject({ url: '/pipermail/twin/2024-March/000001.html' });
  expect(statusCode).toBe(300);
  expect(body).toContain('href="/pipermail/twin%40example.com/2024-March/000001.html"');
  expect(body).toContain('href="/pipermail/twin%40example.org/2024-March/000001.html"');
});
