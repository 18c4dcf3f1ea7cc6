import { expect, test } from 'vitest';
import { openDatabase } from '../../src/database/connection.ts';
import { insertHeldMessage } from '../../src/database/held-messages.ts';
import { utcNow } from '../../src/model/time.ts';
import { type Installation, install, succeed } from '../support/mailman.ts';

async function hold(server: Installation, listId: string, subject: string): Promise<void> {
  const database = await openDatabase(`sqlite:///${server.folder}/var/data/mailman.db`);
  await insertHeldMessage(database.connection, {
    listId,
    messageId: '<one@example.net>',
    sender: 'zed@example.net',
    subject,
    reasons: ['The message is not from a list member'],
    heldAt: utcNow(),
    metadata: {},
    content: Buffer.from('Subject: x\r\n\r\nx\r\n'),
  });
  await database.close();
}

const queued = (server: Installation): number =>
  (JSON.parse(succeed(server.mailman('queues', '--json'))) as { virgin?: number }).virgin ?? 0;

test('each list is counted, and only moderators for whom something waits get mail', async () => {
  const server = install();
  succeed(server.mailman('create', '-q', '-o', 'anne@example.com', 'ant@example.com'));
  succeed(server.mailman('create', '-q', 'bee@example.com'));
  await hold(server, 'ant.example.com', 'Hello');
  await hold(server, 'ant.example.com', 'Again');
  expect(succeed(server.mailman('notify', '-v', '-n'))).toBe(
    'The ant@example.com list has 2 moderation requests waiting.\n' +
      'The bee@example.com list has 0 moderation requests waiting.\n',
  );
  expect(queued(server)).toBe(0);
  expect(succeed(server.mailman('notify'))).toBe('');
  expect(queued(server)).toBe(1);
});

test('a list that does not exist is reported, the others are done', async () => {
  const server = install();
  succeed(server.mailman('create', '-q', 'ant@example.com'));
  expect(server.mailman('notify', '-v', '-l', 'nope', '-l', 'ant@example.com')).toEqual({
    status: 0,
    stdout: 'The ant@example.com list has 0 moderation requests waiting.\n',
    stderr: 'No such list found: nope\n',
  });
});
