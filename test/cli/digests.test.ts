import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/database/connection.ts';
import { collectForDigest } from '../../src/digests/collect.ts';
import { utcNow } from '../../src/model/time.ts';
import { type Installation, install, makeList, problemOf, succeed } from '../support/mailman.ts';

const ANT = 'ant.example.com';

/** Two lists, the first with a member who takes digests. */
function setUp(): Installation {
  const server = install();
  makeList(server, 'ant@example.com', 'dora@example.net');
  makeList(server, 'bee@example.com');
  server.sql("UPDATE member SET delivery_mode = 'mime_digests'");
  return server;
}

async function collectPost({ folder }: Installation, listId = ANT): Promise<void> {
  const database = await openDatabase(`sqlite:///${folder}/var/data/mailman.db`);
  await collectForDigest(database.connection, { listId }, Buffer.from('Subject: x\r\n\r\nx\r\n'), utcNow());
  await database.close();
}

interface State {
  readonly volume: number;
  readonly next_digest_number: number;
  readonly queued: number;
}

async function stateOf({ folder }: Installation, listId = ANT): Promise<State | undefined> {
  const database = await openDatabase(`sqlite:///${folder}/var/data/mailman.db`);
  const row = await database
    .connection('mailing_list')
    .where('list_id', listId)
    .first<{ volume: number; next_digest_number: number } | undefined>('volume', 'next_digest_number');
  const queued = await database.connection('queue_entry').where('queue', 'digest').select('entry_id');
  await database.close();
  return row && { ...row, queued: queued.length };
}

const fresh = { volume: 1, next_digest_number: 1, queued: 0 };

test('without an option nothing is done and nothing said', async () => {
  const server = setUp();
  await collectPost(server);
  expect(server.mailman('digests')).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(await stateOf(server)).toEqual(fresh);
});

test('--send puts what was collected into the queue, for the server to write', async () => {
  const server = setUp();
  await collectPost(server);
  expect(server.mailman('digests', '-s')).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(await stateOf(server)).toEqual({ volume: 1, next_digest_number: 2, queued: 1 });
  expect(await stateOf(server, 'bee.example.com')).toMatchObject({ next_digest_number: 1 });
});

test('--verbose says what Mailman says', async () => {
  const server = setUp();
  await collectPost(server);
  expect(succeed(server.mailman('digests', '-v', '-l', 'ant@example.com', '--bump', '--send'))).toBe(
    `${ANT} is at volume 1, number 1\n${ANT} bumped to volume 1, number 2\n${ANT} sent volume 1, number 2\n`,
  );
  expect(await stateOf(server)).toEqual({ volume: 1, next_digest_number: 3, queued: 1 });
  // Said even though there is nothing to send.
  expect(succeed(server.mailman('digests', '-vs'))).toBe(
    `${ANT} sent volume 1, number 3\nbee.example.com sent volume 1, number 1\n`,
  );
  expect(succeed(server.mailman('digests', '-v'))).toBe('');
  expect(await stateOf(server)).toEqual({ volume: 1, next_digest_number: 3, queued: 1 });
});

test('--bump alone changes the number, of all lists', async () => {
  const server = setUp();
  expect(succeed(server.mailman('digests', '-b'))).toBe('');
  expect(await stateOf(server)).toEqual({ ...fresh, next_digest_number: 2 });
  expect(await stateOf(server, 'bee.example.com')).toEqual({ ...fresh, next_digest_number: 2 });
});

test('--dry-run changes nothing', async () => {
  const server = setUp();
  await collectPost(server);
  expect(succeed(server.mailman('digests', '-n', '-v', '-b', '-s', '-l', ANT))).toBe(
    `${ANT} is at volume 1, number 1\n${ANT} bumped to volume 1, number 2\n${ANT} sent volume 1, number 2\n`,
  );
  expect(await stateOf(server)).toEqual(fresh);
});

test('--periodic leaves lists alone that do not send periodically', async () => {
  const server = setUp();
  await collectPost(server);
  await collectPost(server, 'bee.example.com');
  server.sql(
    "UPDATE mailing_list SET settings = json_set(settings, '$.digest_send_periodic', json('false')) WHERE list_id = ?",
    ANT,
  );
  expect(succeed(server.mailman('digests', '-p', '-v'))).toBe('bee.example.com sent volume 1, number 1\n');
  expect(await stateOf(server)).toEqual(fresh);
  expect(await stateOf(server, 'bee.example.com')).toMatchObject({ next_digest_number: 2 });
});

test('--json says it for programs', async () => {
  const server = setUp();
  await collectPost(server);
  expect(JSON.parse(succeed(server.mailman('digests', '--json', '-b', '-s', '-v')))).toEqual([
    {
      ...{ list_id: ANT, volume: 1, number: 1, bumped: { volume: 1, number: 2 } },
      sent: [{ volume: 1, number: 2, posts: 1, recipients: 1 }],
    },
    { list_id: 'bee.example.com', volume: 1, number: 1, bumped: { volume: 1, number: 2 }, sent: [] },
  ]);
});

describe('what cannot be', () => {
  test('an unknown list is named, the others are done', async () => {
    const server = setUp();
    await collectPost(server);
    const outcome = server.mailman('digests', '-s', '-v', '-l', 'nope@example.com', '-l', ANT);
    expect(outcome).toEqual({
      status: 0,
      stdout: `${ANT} sent volume 1, number 1\n`,
      stderr: 'No such list found: nope@example.com\n',
    });
  });

  test('--send and --periodic exclude each other', () => {
    expect(setUp().mailman('digests', '-s', '-p')).toEqual({
      status: 1,
      stdout: '',
      stderr: '--send and --periodic flags cannot be used together\n',
    });
  });

  test('an unknown option is wrong usage', () => {
    const outcome = install().mailman('digests', '--bogus');
    expect(outcome.status).toBe(2);
    expect(problemOf(outcome)).toContain('No such option');
  });
});
