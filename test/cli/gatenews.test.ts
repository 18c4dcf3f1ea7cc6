import { execFile } from 'node:child_process';
import { expect, test } from 'vitest';
import { openDatabase } from '../../src/database/connection.ts';
import { findList, updateSettings } from '../../src/database/lists.ts';
import { install, MAILMAN, succeed } from '../support/mailman.ts';
import { startNewsServer } from '../support/news-server.ts';

/** Beside this process, whose news server has to answer. */
function gate(folder: string): Promise<{ status: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const argv = ['-C', `${folder}/mailman.cfg`, 'gatenews', '--json'];
    const child = execFile(MAILMAN, argv, (_error, stdout, stderr) =>
      resolve({ status: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

test('newsgroups are read for the lists that want them, and what fails is told', async () => {
  const news = await startNewsServer();
  const group = new Map([[4, 'Message-ID: <4@news.example>\r\n\r\nOld.\r\n']]);
  news.groups.set('misc.ants', group);
  const server = install();
  expect(server.mailman('gatenews')).toMatchObject({ status: 0, stdout: '', stderr: '' });
  succeed(server.mailman('create', '-q', 'ant@example.com'));
  const database = await openDatabase(`sqlite:///${server.folder}/var/data/mailman.db`);
  const change = async (nntp_host: string) => {
    const list = await findList(database.connection, 'ant.example.com');
    if (!list) throw new Error('no list');
    await updateSettings(database.connection, list, {
      gateway_to_mail: true,
      linked_newsgroup: 'misc.ants',
      nntp_host,
    });
  };
  await change(`127.0.0.1:${news.port}`);
  expect(await gate(server.folder)).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('"posted": 0'),
  });
  group.set(5, 'Message-ID: <5@news.example>\r\n\r\nNew.\r\n');
  expect(JSON.parse((await gate(server.folder)).stdout)).toEqual([
    { list_id: 'ant.example.com', posted: 1, error: null },
  ]);
  await news.stop();
  expect(await gate(server.folder)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('ECONNREFUSED'),
  });
  await database.close();
});
