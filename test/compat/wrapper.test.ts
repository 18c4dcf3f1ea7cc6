import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { domainFromEnvironment, envelopeSender, readWrapperCall } from '../../compat/wrapper/call.ts';
import { createList } from '../../src/lists/create.ts';
import { listRules } from '../../src/lists/rules.ts';
import { type LmtpServer, startLmtp } from '../../src/mta/lmtp.ts';
import type { MessageMetadata } from '../../src/queue/queues.ts';
import { sqlitePlace } from '../database/dialects.ts';
import { freePort } from '../peers/throwaway.ts';
import { defaultConfig, testServices } from '../support/services.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/mail-wrapper', import.meta.url));
const MESSAGE =
  'From anne@example.net  Mon Oct  5 10:00:00 2026\nFrom: anne@example.net\nSubject: Hello\n\nHello.\n';

let server: LmtpServer;
let folder: string;
let accepted: { queue: string; metadata: MessageMetadata }[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ferryman-wrapper-'));
  mkdirSync(join(folder, 'var/data'), { recursive: true });
  const database = await sqlitePlace().open();
  const base = testServices(database);
  const services = { ...base, config: { ...base.config, mta: { ...base.config.mta, lmtp_port: 0 } } };
  await database.transaction(async (connection) => {
    for (const address of ['ant@example.com', 'help-request@example.com'])
      await createList(
        connection,
        { address, style: 'legacy-default', language: 'en', owners: [], createDomain: true },
        listRules(defaultConfig()),
      );
  });
  server = await startLmtp(services, async (_message, entries) => {
    accepted.push(...entries);
  });
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

beforeEach(() => {
  accepted = [];
});

function pipe(
  argv: readonly string[],
  env: Record<string, string>,
  port = server.port,
): Promise<number | null> {
  const config = join(folder, 'mailman.cfg');
  writeFileSync(
    config,
    `[paths.test]\nvar_dir: ${folder}/var\n[mailman]\nlayout: test\n[mta]\nlmtp_port: ${port}\n`,
  );
  const child = spawn(PROGRAM, ['-C', config, ...argv], { env: { PATH: process.env.PATH ?? '', ...env } });
  child.stdin.on('error', () => {});
  child.stdin.end(MESSAGE);
  return new Promise((resolve) => child.once('close', resolve));
}

test('mail for each command goes to its address, at the domain that the mail server names', async () => {
  expect(await pipe(['post', 'ant'], { ORIGINAL_RECIPIENT: 'ant@example.com' })).toBe(0);
  expect(
    await pipe(['request', 'Ant'], {
      ORIGINAL_RECIPIENT: 'ANT-request@example.com',
      SENDER: 'x@example.org',
    }),
  ).toBe(0);
  expect(await pipe(['admin', 'ant'], { RECIPIENT: 'ant-admin@example.com', SENDER: 'MAILER-DAEMON' })).toBe(
    0,
  );
  expect(await pipe(['request', 'help-request'], { RECIPIENT: 'help-request-request@example.com' })).toBe(0);
  expect(accepted.map(({ queue, metadata }) => [queue, metadata.listid, metadata.envelope_sender])).toEqual([
    ['in', 'ant.example.com', 'anne@example.net'],
    ['command', 'ant.example.com', 'x@example.org'],
    ['bounces', 'ant.example.com', ''],
    ['command', 'help-request.example.com', 'anne@example.net'],
  ]);
});

test('exit statuses are those that mail servers know', async () => {
  expect(await pipe(['post', 'ant'], {}), 'no such list').toBe(67);
  expect(await pipe(['-d', 'example.com', 'post', 'nosuch'], {}), 'no such list there').toBe(67);
  expect(await pipe(['mailowner', 'ant'], {}), 'illegal command').toBe(64);
  expect(await pipe(['post'], {}), 'no list').toBe(64);
  const away = await freePort();
  expect(await pipe(['-d', 'example.com', 'post', 'ant'], {}, away), 'server is away').toBe(75);
});

test('what the mail server says of another address is not believed', () => {
  const call = readWrapperCall(['post', 'ant']);
  expect(domainFromEnvironment(call, { ORIGINAL_RECIPIENT: 'bee@example.org' })).toBeUndefined();
  expect(domainFromEnvironment(call, { RECIPIENT: 'ant-bounces+a=b@example.org' })).toBe('example.org');
  expect(envelopeSender({}, Buffer.from('From MAILER-DAEMON Mon Oct\n\n'))).toBe('');
});
