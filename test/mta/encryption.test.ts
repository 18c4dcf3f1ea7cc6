import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterAll, expect, test } from 'vitest';
import type { Config } from '../../src/config/index.ts';
import { connectSmtp } from '../../src/mta/smtp-client.ts';
import { defaultConfig } from '../support/services.ts';

const folder = mkdtempSync(join(tmpdir(), 'ferryman-tls-'));
execFileSync(
  'openssl',
  [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=mail.example.org'],
    ...[
      '-addext',
      'subjectAltName=DNS:mail.example.org',
      '-keyout',
      join(folder, 'key'),
      '-out',
      join(folder, 'cert'),
    ],
  ],
  { stdio: 'ignore' },
);
const [key, cert] = [readFileSync(join(folder, 'key')), readFileSync(join(folder, 'cert'))];

const servers: SMTPServer[] = [];

afterAll(async () => {
  for (const server of servers) await new Promise<void>((resolve) => server.close(() => resolve()));
  rmSync(folder, { recursive: true });
});

interface Taken {
  readonly user: unknown;
  readonly secure: boolean;
  readonly recipients: readonly string[];
}

async function listen(options: SMTPServerOptions): Promise<{ port: number; taken: Taken[] }> {
  const taken: Taken[] = [];
  const server = new SMTPServer({
    key,
    cert,
    logger: false,
    onAuth: ({ username, password }, _session, done) => {
      if (username === 'ferry' && password === 'wind') done(null, { user: username });
      else done(new Error('Not you'));
    },
    onData: (stream, { user, secure, envelope }, done) => {
      stream.resume().on('end', () => {
        taken.push({ user, secure, recipients: envelope.rcptTo.map(({ address }) => address) });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => {});
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return { port: (server.server.address() as AddressInfo).port, taken };
}

function connect(port: number, settings: Partial<Config['mta']>) {
  const config = defaultConfig();
  return connectSmtp({
    ...config,
    mta: { ...config.mta, smtp_host: '127.0.0.1', smtp_port: port, ...settings },
  });
}

const MAIL = {
  sender: 'a@example.com',
  recipients: ['b@example.org'],
  message: Buffer.from('Subject: x\r\n\r\nx\r\n'),
};
const UNCHECKED = { smtp_verify_cert: false };
const LOGIN = { smtp_user: 'ferry', smtp_pass: 'wind' };

test('STARTTLS with login, one connection for several messages', async () => {
  const { port, taken } = await listen({});
  const client = await connect(port, { ...UNCHECKED, ...LOGIN, smtp_secure_mode: 'starttls' });
  for (let count = 0; count < 3; count += 1) expect(await client.send(MAIL)).toEqual(new Map());
  expect(taken).toEqual(Array(3).fill({ user: 'ferry', secure: true, recipients: ['b@example.org'] }));
  client.close();
});

test('SMTPS', async () => {
  const { port, taken } = await listen({ secure: true, authOptional: true });
  const client = await connect(port, { ...UNCHECKED, smtp_secure_mode: 'smtps' });
  await client.send(MAIL);
  expect(taken.map(({ secure }) => secure)).toEqual([true]);
  client.close();
});

test('plain SMTP stays plain where STARTTLS is offered', async () => {
  const { port, taken } = await listen({ authOptional: true });
  const client = await connect(port, {});
  await client.send(MAIL);
  expect(taken.map(({ secure }) => secure)).toEqual([false]);
  client.close();
});

test.each([
  ['a certificate that nobody vouches for', {}, { smtp_secure_mode: 'starttls' }],
  [
    'a server without STARTTLS',
    { disabledCommands: ['STARTTLS'] },
    { ...UNCHECKED, smtp_secure_mode: 'starttls' },
  ],
  [
    'a wrong password',
    {},
    { ...UNCHECKED, smtp_secure_mode: 'starttls', smtp_user: 'ferry', smtp_pass: 'sun' },
  ],
  ['a server that speaks no TLS', {}, { ...UNCHECKED, smtp_secure_mode: 'smtps' }],
] as const)(
  '%s is trouble with the connection, not with the recipients',
  async (_what, options, settings) => {
    const { port, taken } = await listen(options as SMTPServerOptions);
    await expect(connect(port, settings)).rejects.toMatchObject({ name: 'ConnectionTroubleError' });
    expect(taken).toEqual([]);
  },
);
