import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createList } from '../../src/lists/create.ts';
import { listRules } from '../../src/lists/rules.ts';
import { type LmtpServer, startLmtp } from '../../src/mta/lmtp.ts';
import type { MessageMetadata } from '../../src/queue/queues.ts';
import { sqlitePlace } from '../database/dialects.ts';
import { freePort } from '../peers/throwaway.ts';
import { defaultConfig, testServices } from '../support/services.ts';

const BIN = fileURLToPath(new URL('../../bin/', import.meta.url));
const MESSAGE = 'From: anne@example.net\nMessage-ID: <one@example.net>\nSubject: Hello\n\n.\n.Hello.\n';

let server: LmtpServer;
let accepted: { queue: string; metadata: MessageMetadata; message: string }[] = [];
let failure: Error | undefined;

beforeAll(async () => {
  const database = await sqlitePlace().open();
  const base = testServices(database);
  const services = { ...base, config: { ...base.config, mta: { ...base.config.mta, lmtp_port: 0 } } };
  await database.transaction((connection) =>
    createList(
      connection,
      { address: 'ant@example.com', style: 'legacy-default', language: 'en', owners: [], createDomain: true },
      listRules(defaultConfig()),
    ),
  );
  server = await startLmtp(services, async (message, entries) => {
    if (failure) throw failure;
    for (const entry of entries) accepted.push({ ...entry, message: message.toString('latin1') });
  });
});

afterAll(() => server.stop());

beforeEach(() => {
  accepted = [];
  failure = undefined;
});

interface Ended {
  readonly status: number | null;
  readonly stderr: string;
}

function pipe(program: string, argv: readonly string[], message: string, env = {}): Promise<Ended> {
  const child = spawn(BIN + program, argv, { env: { ...process.env, ...env } });
  let stderr = '';
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  child.stdin.on('error', () => {});
  child.stdin.end(message, 'latin1');
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, stderr })));
}

const port = (): string => String(server.port);

describe('lmtp-pipe', () => {
  test('the message arrives as it was, with sender and recipient', async () => {
    const argv = ['-p', port(), '-f', 'anne@example.net', 'ant-join@example.com'];
    expect(
      await pipe('lmtp-pipe', argv, `From anne@example.net Mon Oct  5 10:00:00 2026\n${MESSAGE}`),
    ).toEqual({
      status: 0,
      stderr: '',
    });
    expect(accepted).toMatchObject([
      { queue: 'command', metadata: { subaddress: 'join', envelope_sender: 'anne@example.net' } },
    ]);
    expect(accepted[0]?.message).toMatch(/^From: anne@example\.net\r\n/);
    expect(accepted[0]?.message).toMatch(/\r\n\r\n\.\r\n\.Hello\.\r\n$/);
  });

  test('without a sender, or with <>, it is the null sender', async () => {
    expect((await pipe('lmtp-pipe', ['-p', port(), 'ant-bounces@example.com'], MESSAGE)).status).toBe(0);
    expect((await pipe('lmtp-pipe', ['-p', port(), '-f', '<>', '<ant@example.com>'], MESSAGE)).status).toBe(
      0,
    );
    expect(accepted.map(({ queue, metadata }) => [queue, metadata.envelope_sender])).toEqual([
      ['bounces', ''],
      ['in', ''],
    ]);
  });

  test('a list that does not exist is refused for good', async () => {
    const { status, stderr } = await pipe('lmtp-pipe', ['-p', port(), 'bee@example.com'], MESSAGE);
    expect(status).toBe(67);
    expect(stderr).toContain('550');
    const some = await pipe('lmtp-pipe', ['-p', port(), 'ant@example.com', 'bee@example.com'], MESSAGE);
    expect(some.status).toBe(67);
    expect(accepted).toMatchObject([{ queue: 'in', metadata: { listid: 'ant.example.com' } }]);
  });

  test('a message that is too large is refused for good, whether its size is known before or not', async () => {
    const large = `${MESSAGE}${'x'.repeat(34_000_000)}\n`;
    expect((await pipe('lmtp-pipe', ['-p', port(), 'ant@example.com'], large)).status).toBe(65);
    // It grows on the way, as each line end becomes two octets.
    const line = `${'x'.repeat(99_999)}\n`;
    const grows = `${MESSAGE}${line.repeat(335)}${'\n'.repeat(54_300)}`;
    expect(grows.length).toBeLessThan(33_554_432);
    expect((await pipe('lmtp-pipe', ['-p', port(), 'ant@example.com'], grows)).status).toBe(65);
    expect(accepted).toEqual([]);
  });

  test('Postfix’s and Sendmail’s name for the null sender', async () => {
    const argv = ['-p', port(), '-f', 'MAILER-DAEMON', 'ant-bounces@example.com'];
    expect((await pipe('lmtp-pipe', argv, MESSAGE)).status).toBe(0);
    expect(accepted).toMatchObject([{ queue: 'bounces', metadata: { envelope_sender: '' } }]);
  });

  test('a sender that is no address is refused', async () => {
    const argv = ['-p', port(), '-f', 'anne@example.net x', 'ant@example.com'];
    expect((await pipe('lmtp-pipe', argv, MESSAGE)).status).toBe(69);
  });

  test.each([
    ['LF', 'Hello.\nYou.\n'],
    ['CRLF', 'Hello.\r\nYou.\r\n'],
    ['none at the end', 'Hello.\nYou.'],
  ])('line ends: %s', async (_, body) => {
    const message = `From: anne@example.net\n\n${body}`;
    expect((await pipe('lmtp-pipe', ['-p', port(), 'ant@example.com'], message)).status).toBe(0);
    expect(accepted[0]?.message).toMatch(/\r\n\r\nHello\.\r\nYou\.\r\n$/);
  });

  test('trouble on the way is temporary', async () => {
    failure = new Error('no disk');
    expect((await pipe('lmtp-pipe', ['-p', port(), 'ant@example.com'], MESSAGE)).status).toBe(75);
    const nobody = String(await freePort());
    expect((await pipe('lmtp-pipe', ['-p', nobody, 'ant@example.com'], MESSAGE)).status).toBe(75);
    expect((await pipe('lmtp-pipe', ['--nonsense'], MESSAGE)).status).toBe(75);
    expect((await pipe('lmtp-pipe', ['-p', port()], MESSAGE)).status).toBe(75);
    // A mail server answers there, and refuses what is said to it.
    const smtp = createServer((socket) => {
      socket.write('220 mx.example.com ESMTP\r\n');
      socket.on('data', () => socket.write('500 5.5.2 Error: command not recognized\r\n'));
    });
    await once(smtp.listen(0, '127.0.0.1'), 'listening');
    const wrong = String((smtp.address() as AddressInfo).port);
    expect((await pipe('lmtp-pipe', ['-p', wrong, 'ant@example.com'], MESSAGE)).status).toBe(75);
    smtp.close();
  });
});

describe('qmail-lmtp', () => {
  const environment = { LOCAL: 'mailman-ant-confirm+0123', HOST: 'example.com', SENDER: 'anne@example.net' };

  test('takes qmail’s words off the address', async () => {
    expect(await pipe('qmail-lmtp', [port(), '1'], MESSAGE, environment)).toEqual({ status: 0, stderr: '' });
    expect(accepted).toMatchObject([
      {
        queue: 'command',
        metadata: { subaddress: 'confirm', extension: '0123', envelope_sender: 'anne@example.net' },
      },
    ]);
  });

  test('a bounce of a bounce has the null sender', async () => {
    const bounce = { ...environment, LOCAL: 'a-b-ant-bounces', SENDER: '#@[]' };
    expect((await pipe('qmail-lmtp', [port(), '2', '127.0.0.1'], MESSAGE, bounce)).status).toBe(0);
    expect(accepted).toMatchObject([{ queue: 'bounces', metadata: { envelope_sender: '' } }]);
  });

  test('says by its status whether to try again', async () => {
    expect((await pipe('qmail-lmtp', [port(), '0'], MESSAGE, environment)).status).toBe(100);
    failure = new Error('no disk');
    expect((await pipe('qmail-lmtp', [port(), '1'], MESSAGE, environment)).status).toBe(111);
    expect((await pipe('qmail-lmtp', [], MESSAGE, environment)).status).toBe(111);
  });
});
