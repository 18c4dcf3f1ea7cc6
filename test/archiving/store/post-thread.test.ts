import { afterEach, expect, test } from 'vitest';
import { archiveSchema } from '../../../src/archiving/store/migrations/index.ts';
import { openArchiveAt } from '../../../src/archiving/store/open.ts';
import { PostThread } from '../../../src/archiving/store/post-thread.ts';
import { openDatabase } from '../../../src/database/connection.ts';
import { onServer, sqlitePlace } from '../../database/dialects.ts';

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function post(id: string) {
  return {
    bytes: Buffer.from(
      `From: anna@example.com\nSubject: Post ${id}\nMessage-ID: <${id}@example.com>\nDate: Fri, 15 Mar 2024 09:00:00 +0000\n\nHello ${id}\n`,
    ),
    receivedAt: Date.UTC(2024, 2, 15, 9),
    traits: { subjectPrefix: '', charsets: ['us-ascii'] },
  };
}

async function open(idleLimit?: number) {
  const url = await sqlitePlace().freshUrl();
  const archive = await openArchiveAt(url);
  const thread = new PostThread(url, idleLimit);
  closing.push(
    () => thread.close(),
    () => archive.close(),
  );
  return { url, archive, thread };
}

test('posts are in the archive, byte for byte, when they were added', async () => {
  const { archive, thread } = await open();
  const posts = [post('1'), post('2')];
  await Promise.all([
    thread.add('ant.example.com', posts),
    thread.add('ant.example.com', [post('3')]),
    thread.add('bee.example.com', [post('1')]),
  ]);
  const [ant, bee] = await archive.lists();
  expect([ant?.messages, bee?.messages]).toEqual([3, 1]);
  const first = await archive.messageByNumber(ant?.id ?? 0, 0);
  const content = await archive.content(first?.id ?? 0);
  expect(content?.source.toString()).toBe(String(posts[0]?.bytes));
});

test('a post is not added twice', async () => {
  const { archive, thread } = await open();
  await thread.add('ant.example.com', [post('1')]);
  await thread.add('ant.example.com', [post('1'), post('2')]);
  expect((await archive.list('ant.example.com'))?.messages).toBe(2);
});

test('a thread that has rested goes on with the next post', async () => {
  const { archive, thread } = await open(1);
  for (const id of ['1', '2', '3']) {
    await thread.add('ant.example.com', [post(id)]);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect((await archive.list('ant.example.com'))?.messages).toBe(3);
});

test('what fails says why and leaves nothing, and what waits is told when the archive is closed', async () => {
  const { url, archive, thread } = await open();
  const database = await openDatabase(url, { schema: archiveSchema });
  await database.connection.schema.renameTable('archive_content', 'elsewhere');
  await expect(thread.add('ant.example.com', [post('1')])).rejects.toThrow(/SQLITE_ERROR/);
  await database.connection.schema.renameTable('elsewhere', 'archive_content');
  await database.close();
  expect((await archive.list('ant.example.com'))?.messages ?? 0).toBe(0);
  await thread.add('ant.example.com', [post('1')]);
  expect((await archive.list('ant.example.com'))?.messages).toBe(1);
  const last = expect(thread.add('ant.example.com', [post('2')])).rejects.toThrow('is being closed');
  await thread.close();
  await last;
});

await onServer('postgresql', 'A thread on PostgreSQL', ({ server, freshUrl }) => {
  test('says what is wrong while the database is away, and goes on when it is back', async () => {
    const url = await freshUrl();
    const name = url.slice(url.lastIndexOf('/') + 1);
    const allow = (isAllowed: boolean) =>
      server.execute('postgres', `ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS ${isAllowed}`);
    const archive = await openArchiveAt(url);
    closing.push(() => archive.close());
    await archive.addPosts('ant.example.com', [post('1')]);
    await allow(false);
    await server.execute(
      'postgres',
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
    );
    const refusal = /^Database [^\n]* (broke off the connection|takes no connections at present)$/;
    // With a connection that it had, and with a new one.
    for (let attempt = 0; attempt < 3; attempt += 1)
      await expect(archive.addPosts('ant.example.com', [post('2')])).rejects.toThrow(refusal);
    await allow(true);
    await expect
      .poll(() => archive.addPosts('ant.example.com', [post('2')]).then(() => 'added', String), {
        timeout: 60_000,
      })
      .toBe('added');
    expect((await archive.list('ant.example.com'))?.messages).toBe(2);
  });
});
