import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { updateDomain } from '../../src/database/domains.ts';
import { DatabaseError } from '../../src/database/failures.ts';
import type { Database } from '../../src/database/handle.ts';
import { findList } from '../../src/database/lists.ts';
import { createList } from '../../src/lists/create.ts';
import { removeList } from '../../src/lists/remove.ts';
import { listRules } from '../../src/lists/rules.ts';
import { type LmtpServer, startLmtp } from '../../src/mta/lmtp.ts';
import type { MessageMetadata } from '../../src/queue/queues.ts';
import { sqlitePlace } from '../database/dialects.ts';
import { defaultConfig, type TestServices, testServices } from '../support/services.ts';
import { LmtpClient } from './lmtp-client.ts';

const MESSAGE = 'From: anne@example.net\r\nMessage-ID: <one@example.net>\r\nSubject: Hello\r\n\r\nHello.\r\n';
/** base32(sha1('one@example.net')), as Python computes it. */
const HASH = 'RAOEFRMCOIZJW7C4ADHSYAEGQSNXTLSD';

const SIZE_LIMIT = 500_000;

let database: Database;
let server: LmtpServer;
let logged: TestServices['logged'];
let accepted: { queue: string; metadata: MessageMetadata; message: string }[] = [];
let failure: Error | undefined;

const make = (address: string) =>
  database.transaction((connection) =>
    createList(
      connection,
      { address, style: 'legacy-default', language: 'en', owners: [], createDomain: true },
      { ...listRules(defaultConfig()), nameCharacters: '[-_.+0-9a-z]' },
    ),
  );

beforeAll(async () => {
  database = await sqlitePlace().open();
  const base = testServices(database);
  logged = base.logged;
  const services = { ...base, config: { ...base.config, mta: { ...base.config.mta, lmtp_port: 0 } } };
  for (const name of ['ant', 'help-request', 'c++', 'mailman']) await make(`${name}@example.com`);
  await make('bee@bücher.example');
  await updateDomain(database.connection, 'example.com', { aliasDomain: 'ferry.invalid' });
  server = await startLmtp(
    services,
    async (message, entries) => {
      if (failure) throw failure;
      for (const { queue, metadata } of entries) {
        accepted.push({ queue, metadata, message: message.toString('latin1') });
      }
    },
    { sizeLimit: SIZE_LIMIT, memory: 4 * SIZE_LIMIT, patience: 4000 },
  );
});

afterAll(() => server.stop());

beforeEach(() => {
  accepted = [];
  failure = undefined;
});

test('greeting and extensions', async () => {
  const client = await LmtpClient.open(server.port);
  const extensions = await client.ask('LHLO test.example');
  expect(
    extensions
      .split('\n')
      .slice(1)
      .map((line) => line.slice(4))
      .sort(),
  ).toEqual(['8BITMIME', 'PIPELINING', `SIZE ${SIZE_LIMIT}`, 'SMTPUTF8']);
  expect(await client.ask('QUIT')).toMatch(/^221 /);
});

test('mail that goes round in circles ends here, and other recipients get theirs', async () => {
  const client = await LmtpClient.open(server.port);
  await client.ask('LHLO test.example');
  expect(await client.ask('MAIL FROM:<>')).toMatch(/^250 /);
  expect(await client.ask('RCPT TO:<mailman-loop@example.com>')).toMatch(/^250 /);
  expect(await client.data(MESSAGE)).toEqual([expect.stringMatching(/^250 /)]);
  expect(accepted).toEqual([]);
  expect(logged.at(-1)).toEqual({
    logger: 'bounce',
    line: 'mail from <> that was going round in circles was dropped',
  });
  await client.ask('MAIL FROM:<anne@example.net>');
  await client.ask('RCPT TO:<mailman-loop@example.com>');
  await client.ask('RCPT TO:<ant@example.com>');
  expect(await client.data(MESSAGE, 2)).toHaveLength(2);
  expect(accepted.map(({ metadata }) => metadata.listid)).toEqual(['ant.example.com']);
  expect(await client.ask('QUIT')).toMatch(/^221 /);
});

test('SMTP is not spoken here, and nothing happens out of order', async () => {
  const client = await LmtpClient.open(server.port);
  expect(await client.ask('EHLO test.example')).toMatch(/^500 /);
  expect(await client.ask('MAIL FROM:<anne@example.net>')).toMatch(/^503 /);
  await client.ask('LHLO test.example');
  expect(await client.ask('RCPT TO:<ant@example.com>')).toMatch(/^503 /);
  expect(await client.ask('MAIL FROM:<anne@example.net>')).toMatch(/^250 /);
  expect(await client.ask('MAIL FROM:<anne@example.net>')).toMatch(/^503 /);
  expect(await client.ask('DATA')).toMatch(/^503 /);
  expect(await client.ask('VRFY ant')).toMatch(/^252 /);
  expect(await client.ask('FOO')).toMatch(/^500 /);
  expect(await client.ask('STARTTLS')).toMatch(/^50\d /);
  expect(await client.ask('RSET')).toMatch(/^250 /);
  client.close();
});

test.each([
  ['ant@example.com', 250],
  ['ANT@Example.COM', 250],
  ['ant-request@example.com', 250],
  ['ant-confirm+0123@example.com', 250],
  ['ant-bounces+bart=example.net@example.com', 250],
  ['help-request@example.com', 250],
  ['c++@example.com', 250],
  ['c++-owner@example.com', 250],
  ['ant@ferry.invalid', 250],
  ['ant@observe.ferry.invalid', 250],
  ['ant-request@alongside.ferry.invalid', 250],
  // Stages are told by the alias domain alone.
  ['ant@observe.example.com', 550],
  ['ant@nonsense.ferry.invalid', 550],
  ['bee@xn--bcher-kva.example', 250],
  ['bee@bücher.example', 250],
  ['help@example.com', 550],
  ['ant@example.org', 550],
  ['ant-nonsense@example.com', 550],
  ['nobody@example.com', 550],
  ['postmaster', 550],
  ['"ant"@example.com', 250],
  ['"c+\\+-owner"@example.com', 250],
  ['"ant "@example.com', 550],
  ['@relay.example,@other.example:ant@example.com', 250],
  ['ant%example.com@example.org', 550],
  ['ant@[127.0.0.1]', 550],
  [`ant-confirm${'+x'.repeat(400)}@example.com`, 250],
  [`ant${'+'.repeat(8000)}@example.com`, 550],
])('RCPT TO:<%s> is answered with %d', async (address, code) => {
  const client = await LmtpClient.transaction(server.port);
  const reply = await client.ask(`RCPT TO:<${address}>`);
  expect(reply).toMatch(code === 250 ? /^250 / : /^550 Requested action not taken: mailbox unavailable$/);
  client.close();
});

test('an address with a stage tells it to whoever works on the mail', async () => {
  for (const stage of ['observe', 'alongside', 'handover']) {
    const client = await LmtpClient.transaction(server.port, `ant@${stage}.ferry.invalid`);
    expect(await client.data(MESSAGE)).toEqual(['250 Ok']);
    client.close();
  }
  expect(accepted.map(({ metadata }) => [metadata.listid, metadata.stage])).toEqual([
    ['ant.example.com', 'observe'],
    ['ant.example.com', 'alongside'],
    ['ant.example.com', 'handover'],
  ]);
});

test('a message is stored with what Mailman adds at reception', async () => {
  const client = await LmtpClient.transaction(server.port, 'ant@example.com');
  const message = MESSAGE.replace('Subject', 'Message-ID-Hash: FORGED\r\nX-MailFrom: forged\r\nSubject');
  expect(await client.data(message)).toEqual(['250 Ok']);
  expect(accepted).toEqual([
    {
      queue: 'in',
      message:
        'From: anne@example.net\r\nMessage-ID: <one@example.net>\r\nSubject: Hello\r\n' +
        `Message-ID-Hash: ${HASH}\r\nX-Message-ID-Hash: ${HASH}\r\n` +
        'X-MailFrom: anne@example.net\r\n\r\nHello.\r\n',
      metadata: {
        listid: 'ant.example.com',
        to_list: true,
        envelope_sender: 'anne@example.net',
        received_time: expect.any(String),
        original_size: message.length,
      },
    },
  ]);
  client.close();
});

test('a message without Message-ID gets one, and the null sender is kept', async () => {
  const client = await LmtpClient.open(server.port);
  await client.ask('LHLO test.example');
  await client.ask('MAIL FROM:<>');
  await client.ask('RCPT TO:<ant-bounces+bart=example.net@example.com>');
  expect(await client.data('Subject: It bounced\r\n\r\nSorry.\r\n')).toEqual(['250 Ok']);
  const [{ message, metadata, queue } = { message: '', metadata: {}, queue: '' }] = accepted;
  expect(queue).toBe('bounces');
  expect(metadata).toMatchObject({
    subaddress: 'bounces',
    extension: 'bart=example.net',
    envelope_sender: '',
  });
  expect(message).toMatch(/^Message-ID: <[^<>\s]+@[^<>\s]+>\r$/m);
  expect(message).toContain('\r\nX-MailFrom: <>\r\n');
  client.close();
});

test('each recipient gets a reply of its own, even where two differ only in case; the list gets the mail once', async () => {
  const recipients = ['ant@example.com', 'ANT@example.com', 'ant-request@example.com', 'c++@example.com'];
  const client = await LmtpClient.transaction(server.port, ...recipients, 'nobody@example.com');
  expect(await client.data(MESSAGE, 4)).toEqual(['250 Ok', '250 Ok', '250 Ok', '250 Ok']);
  expect(await client.isSilent()).toBe(true);
  expect(accepted.map(({ queue, metadata }) => [queue, metadata.listid])).toEqual([
    ['in', 'ant.example.com'],
    ['command', 'ant.example.com'],
    ['in', 'c++.example.com'],
  ]);
  expect(await client.ask('MAIL FROM:<anne@example.net>')).toMatch(/^250 /);
  client.close();
});

test('commands may be sent without waiting for replies', async () => {
  const client = await LmtpClient.open(server.port);
  await client.ask('LHLO test.example');
  client.write(
    'MAIL FROM:<a@example.net>\r\nRCPT TO:<ant@example.com>\r\nRCPT TO:<nobody@example.com>\r\nDATA\r\n',
  );
  const codes = [];
  for (let count = 0; count < 4; count += 1) codes.push((await client.reply()).slice(0, 3));
  expect(codes).toEqual(['250', '250', '550', '354']);
  client.write(
    `${MESSAGE}.\r\nMAIL FROM:<b@example.net>\r\nRCPT TO:<c++@example.com>\r\nDATA\r\n${MESSAGE}.\r\nQUIT\r\n`,
  );
  for (const code of ['250', '250', '250', '354', '250', '221']) {
    expect((await client.reply()).slice(0, 3)).toBe(code);
  }
  expect(accepted.map(({ metadata }) => metadata.envelope_sender)).toEqual([
    'a@example.net',
    'b@example.net',
  ]);
});

test('dots at the beginning of lines', async () => {
  const client = await LmtpClient.transaction(server.port, 'ant@example.com');
  await client.data('Subject: dots\r\n\r\n..\r\n...two\r\n. not the end\r\n');
  expect(bodyOf(accepted[0])).toBe('.\r\n..two\r\n. not the end\r\n');
  client.close();
});

const SMUGGLED =
  'MAIL FROM:<evil@example.net>\r\nRCPT TO:<ant@example.com>\r\nDATA\r\nSubject: two\r\n\r\nsecond\r\n';

test.each(['\n.\n', '\n.\r\n', '\r\n.\n', '\r.\r', '\r.\r\n', '\r\n.\r', '\n.\r'])(
  '%j ends no message',
  async (end) => {
    const client = await LmtpClient.transaction(server.port, 'ant@example.com');
    await client.ask('DATA');
    client.write(`Subject: one\r\n\r\nfirst${end}${SMUGGLED}`);
    client.write('.\r\n');
    expect(await client.reply()).toBe('250 Ok');
    expect(await client.isSilent()).toBe(true);
    expect(accepted).toHaveLength(1);
    expect(accepted[0]?.message).toContain('MAIL FROM:<evil@example.net>');
    expect(accepted[0]?.message.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    client.close();
  },
);

test('lines that end with CR or LF alone are stored with CRLF, and a last line without end gets one', async () => {
  const client = await LmtpClient.transaction(server.port, 'ant@example.com');
  await client.ask('DATA');
  client.write('Subject: one\n\nfirst\rsecond\nthird\r\n.\r\n');
  await client.reply();
  expect(bodyOf(accepted[0])).toBe('first\r\nsecond\r\nthird\r\n');
  client.close();
});

test('8-bit text, NUL and UTF-8 addresses pass', async () => {
  const client = await LmtpClient.open(server.port);
  await client.ask('LHLO test.example');
  expect(await client.ask('MAIL FROM:<björn@example.net> BODY=8BITMIME SMTPUTF8')).toMatch(/^250 /);
  await client.ask('RCPT TO:<bee@bücher.example>');
  await client.data(Buffer.from('Subject: eight\r\n\r\n\xe9\x00\xff\r\n', 'latin1'));
  expect(bodyOf(accepted[0])).toBe('\xe9\x00\xff\r\n');
  expect(accepted[0]?.metadata.envelope_sender).toBe('björn@example.net');
  expect(accepted[0]?.message).toContain(
    `X-MailFrom: ${Buffer.from('björn@example.net').toString('latin1')}\r\n`,
  );
  client.close();
});

test('a sender whose local part is in quotes is one', async () => {
  for (const sender of ['"john smith"@example.net', '"a@b"@example.net', '"a\\"<b>"@example.net']) {
    const client = await LmtpClient.open(server.port);
    await client.ask('LHLO test.example');
    expect(await client.ask(`MAIL FROM:<${sender}> SIZE=100`)).toMatch(/^250 /);
    await client.ask('RCPT TO:<ant@example.com>');
    await client.data(MESSAGE);
    expect(accepted.at(-1)?.metadata.envelope_sender).toBe(sender);
    expect(accepted.at(-1)?.message).toContain(`\r\nX-MailFrom: ${sender}\r\n`);
    client.close();
  }
  const client = await LmtpClient.open(server.port);
  await client.ask('LHLO test.example');
  for (const wrong of ['"john smith@example.net', '"a\x01"@example.net'])
    expect(await client.ask(`MAIL FROM:<${wrong}>`)).toMatch(/^501 /);
  client.close();
});

test('a message above the limit is refused, announced or not, once for each recipient', async () => {
  const client = await LmtpClient.open(server.port);
  await client.ask('LHLO test.example');
  expect(await client.ask(`MAIL FROM:<a@example.net> SIZE=${SIZE_LIMIT + 1}`)).toMatch(/^552 /);
  await client.ask('MAIL FROM:<a@example.net>');
  await client.ask('RCPT TO:<ant@example.com>');
  await client.ask('RCPT TO:<ANT@example.com>');
  const replies = await client.data(`Subject: big\r\n\r\n${'x'.repeat(78)}\r\n`.repeat(SIZE_LIMIT / 78), 2);
  expect(replies.map((reply) => reply.slice(0, 3))).toEqual(['552', '552']);
  expect(accepted).toEqual([]);
  expect(await client.ask('MAIL FROM:<a@example.net>')).toMatch(/^250 /);
  client.close();
});

test('a connection that breaks off in the middle of a message leaves nothing', async () => {
  const client = await LmtpClient.transaction(server.port, 'ant@example.com');
  await client.ask('DATA');
  client.write(`${MESSAGE}more`);
  client.socket.end();
  await client.closed();
  const next = await LmtpClient.transaction(server.port, 'c++@example.com');
  await next.data(MESSAGE);
  expect(accepted.map(({ metadata }) => metadata.listid)).toEqual(['c++.example.com']);
  next.close();
});

test('a message that does not go on is put off, for each recipient, and the connection is good for the next one', async () => {
  const client = await LmtpClient.transaction(server.port, 'ant@example.com', 'c++@example.com');
  await client.ask('DATA');
  client.write(`${MESSAGE}${'x'.repeat(20_000)}`);
  for (const _ of [1, 2]) expect(await client.reply()).toMatch(/^451 /);
  expect(logged.at(-1)?.line).toMatch(/^LMTP: a message was given up/);
  client.write('x\r\n.\r\n');
  expect(await client.ask('MAIL FROM:<a@example.net>')).toMatch(/^250 /);
  await client.ask('RCPT TO:<ant@example.com>');
  expect(await client.data(MESSAGE)).toEqual(['250 Ok']);
  expect(accepted).toHaveLength(1);
  client.close();
});

test.each([
  [new DatabaseError('Database x has no room left', { code: 'SQLITE_FULL' }), 452],
  [new DatabaseError('Database x does not answer', { code: 'ECONNREFUSED' }), 451],
  [new Error('whatever'), 451],
])('where it cannot be stored (%s), the mail server keeps it', async (error, code) => {
  failure = error;
  const client = await LmtpClient.transaction(server.port, 'ant@example.com', 'c++@example.com');
  const replies = await client.data(MESSAGE, 2);
  expect(replies.map((reply) => Number(reply.slice(0, 3)))).toEqual([code, code]);
  failure = undefined;
  await client.ask('MAIL FROM:<a@example.net>');
  await client.ask('RCPT TO:<ant@example.com>');
  expect(await client.data(MESSAGE)).toEqual(['250 Ok']);
  client.close();
});

test('a new list gets mail at once, one that is gone soon no more', async () => {
  const client = await LmtpClient.transaction(server.port);
  expect(await client.ask('RCPT TO:<new@example.com>')).toMatch(/^550 /);
  await make('new@example.com');
  expect(await client.ask('RCPT TO:<new@example.com>')).toMatch(/^250 /);
  await database.transaction(async (connection) => {
    const list = await findList(connection, 'new@example.com');
    if (list) await removeList(connection, list);
  });
  await expect
    .poll(async () => (await client.ask('RCPT TO:<new-owner@example.com>')).slice(0, 3))
    .toBe('550');
  await expect
    .poll(async () => (await client.ask('RCPT TO:<new@example.com>')).slice(0, 3), { timeout: 20_000 })
    .toBe('550');
  client.close();
});

test('the greeting comes without delay', async () => {
  const waits: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const start = performance.now();
    const client = await LmtpClient.open(server.port);
    waits.push(performance.now() - start);
    client.close();
  }
  expect(Math.min(...waits)).toBeLessThan(90);
});

function bodyOf(one: { readonly message: string } | undefined): string | undefined {
  return one?.message.slice(one.message.indexOf('\r\n\r\n') + 4);
}
