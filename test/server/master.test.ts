import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LmtpClient } from '../mta/lmtp-client.ts';
import { startSmtpSink } from '../support/smtp-sink.ts';
import { MASTER, makeCrowd, makeServer, type RealServer } from './real-server.ts';

const LIST = 'crowd@example.com';

let server: RealServer;
let sink: Awaited<ReturnType<typeof startSmtpSink>>;

beforeAll(async () => {
  sink = await startSmtpSink();
  server = await makeServer(sink.port);
  await server.start();
  await server.change((connection) => makeCrowd(connection, LIST, 3));
});

afterAll(() => sink.stop());

async function post(id: string): Promise<void> {
  const client = await LmtpClient.transaction(server.lmtpPort, LIST);
  const [reply] = await client.data(
    `From: member0@example.org\r\nTo: ${LIST}\r\nMessage-ID: <${id}@example.org>\r\nSubject: ${id}\r\n\r\nHello.\r\n`,
  );
  expect(reply).toBe('250 Ok');
  client.close();
}

const arrived = (id: string) =>
  sink.mails
    .filter(({ message }) => message.includes(`<${id}@example.org>`))
    .flatMap(({ recipients }) => recipients);

test('a post reaches every member', async () => {
  await post('first');
  await expect
    .poll(() => arrived('first').sort())
    .toEqual(['member0@example.org', 'member1@example.org', 'member2@example.org']);
});

test('health and metrics', async () => {
  const base = `http://127.0.0.1:${server.metricsPort}`;
  expect(await (await fetch(`${base}/health`)).text()).toBe('ok\n');
  const metrics = async () => (await fetch(`${base}/metrics`)).text();
  // It counts what the next mail server has just taken.
  await expect.poll(metrics).toMatch(/^ferryman_delivered_total 3$/m);
  expect(await metrics()).toMatch(/^ferryman_accepted_total 1$/m);
  expect(await metrics()).toMatch(/^ferryman_queue_entries\{queue="in"\} 0$/m);
  expect((await fetch(`${base}/nothing`)).status).toBe(404);
  expect((await fetch(`${base}/metrics`, { method: 'POST' })).status).toBe(405);
});

test('SIGHUP makes it write to new log files', async () => {
  await expect
    .poll(() => server.log('smtp.log'))
    .toMatch(
      /^[A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d \d{4} \(\d+\) <first@example\.org> smtp to crowd@example\.com for 3 recips, completed in \d+\.\d+ seconds\n/m,
    );
  const file = join(server.folder, 'var/logs/smtp.log');
  renameSync(file, `${file}.1`);
  server.poke('SIGHUP');
  let others = 0;
  const postAnother = async () => {
    others += 1;
    await post(`other-${others}`);
    return existsSync(file);
  };
  await expect.poll(postAnother).toBe(true);
  await post('second');
  await expect.poll(() => arrived('second').length).toBe(3);
  await expect.poll(() => server.log('smtp.log')).toContain('<second@example.org>');
  expect(server.log('smtp.log.1')).not.toContain('<second@example.org>');
});

test('SIGUSR1 starts it again with the configuration as it is then', async () => {
  const second = await startSmtpSink();
  const text = `[mailman]\nlayout: test\n[paths.test]\nvar_dir: ${server.folder}/var\n[web]\nport: 0\n[webservice]\nport: 0\n[mta]\nincoming: null\nlmtp_port: ${server.lmtpPort}\nsmtp_host: 127.0.0.1\nsmtp_port: ${second.port}\n[ARC]\nenabled: yes\nprivkey: /nope/key.pem\nselector: a\ndomain: example.com\n`;
  writeFileSync(server.configFile, text);
  server.poke('SIGUSR1');
  await expect.poll(() => server.log('mailman.log').match(/Master started/g)?.length).toBe(2);
  expect(server.log('mailman.log')).toContain('[ARC] privkey: /nope/key.pem cannot be used');
  await post('third');
  await expect.poll(() => second.totals.recipients).toBe(3);
  await second.stop();
});

test('SIGUSR1 changes nothing while the configuration cannot be used', async () => {
  const text = readFileSync(server.configFile, 'utf8');
  const starts = () => server.log('mailman.log').match(/Master started/g)?.length;
  writeFileSync(server.configFile, text.replace(/smtp_port: .*/, 'smtp_port: nonsense'));
  server.poke('SIGUSR1');
  await expect.poll(() => server.log('mailman.log')).toMatch(/Not restarted.*smtp_port: found 'nonsense'/);
  await post('fourth');
  expect(starts()).toBe(2);
  // A port that somebody else has shows only when it is to be used.
  writeFileSync(server.configFile, text.replace(/\nlmtp_port: .*/, `\nlmtp_port: ${sink.port}`));
  server.poke('SIGUSR1');
  await expect.poll(starts).toBe(3);
  expect(server.log('mailman.log')).toMatch(/goes on as before: .*EADDRINUSE/);
  await post('fifth');
  writeFileSync(server.configFile, text);
});

test('SIGTERM ends it in good order', async () => {
  expect(await server.signal('SIGTERM')).toBe(0);
  expect(() => server.log('../master.pid')).toThrow('ENOENT');
  expect(() => server.log('../locks/master.lck')).toThrow('ENOENT');
});

test('it says where the file of its process id cannot be, and leaves no lock', () => {
  const file = join(server.folder, 'elsewhere.cfg');
  const paths = `[paths.test]\nvar_dir: ${server.folder}/elsewhere\npid_file: /nope/master.pid\n`;
  writeFileSync(
    file,
    `[mailman]\nlayout: test\n${paths}[web]\nport: 0\n[webservice]\nport: 0\n[mta]\nlmtp_port: 0\n`,
  );
  const { status, stderr } = spawnSync(process.execPath, [MASTER, '-C', file], { encoding: 'utf8' });
  expect(stderr).toContain('[paths.test] pid_file: /nope cannot be used');
  expect(stderr).not.toContain('    at ');
  expect(status).toBe(1);
  expect(existsSync(join(server.folder, 'elsewhere/locks/master.lck'))).toBe(false);
});
