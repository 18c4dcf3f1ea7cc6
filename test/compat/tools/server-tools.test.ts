import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { sampleMessage } from '../../migrate/archive/archive.ts';
import { freePort } from '../../peers/throwaway.ts';
import { type Installation, install, makeList, succeed } from '../../support/mailman.ts';

const running: Installation[] = [];

afterEach(() => {
  for (const { mailman } of running.splice(0)) mailman('stop', '-q');
});

const done = { status: 0, stdout: '', stderr: '' };

test('mailmanctl ends with 0 whatever the server does, and says what it begins', async () => {
  const server = install(`[mta]\nincoming: null\nlmtp_port: ${await freePort()}\n`);
  running.push(server);
  const ctl = (...argv: string[]) => server.mailman('legacy', 'mailmanctl', ...argv);
  const status = (): number | null => server.mailman('status').status;
  expect(ctl('start')).toEqual({ ...done, stdout: "Starting Mailman's master qrunner.\n" });
  expect(status()).toBe(1);
  expect(ctl('start')).toEqual({
    status: 0,
    stdout: "Starting Mailman's master qrunner.\n",
    stderr: 'GNU Mailman is already running\n',
  });
  expect(ctl('reopen').stdout).toBe('Re-opening all log files\n');
  expect(ctl('restart').stdout).toBe("Restarting Mailman's master qrunner\n");
  expect(ctl('-q', 'stop')).toEqual(done);
  expect(status()).toBe(0);
  expect(ctl('stop')).toMatchObject({ status: 0, stdout: "Shutting down Mailman's master qrunner\n" });
  expect(ctl('-u', '-n', 'nonsense')).toMatchObject({
    status: 0,
    stdout: '',
    stderr: expect.stringMatching(/^Usage: mailmanctl .*\nInvalid command: nonsense\n$/s),
  });
  expect(ctl().status).toBe(1);
  expect(ctl('-Z', 'stop').status).toBe(1);
});

test('arch brings an mbox into the archive, wipes nothing for one that it cannot read', () => {
  const server = install();
  makeList(server, 'ant@example.com');
  const arch = (...argv: string[]) => server.mailman('legacy', 'arch', ...argv);
  const archived = (): number => {
    const stats = succeed(server.mailman('archive', 'stats', '--json', 'ant@example.com'));
    return (JSON.parse(stats) as { total: { messages: number } }).total.messages;
  };
  const mbox = server.file('two.mbox', sampleMessage(0) + sampleMessage(1));
  expect(arch('-q', 'ant', mbox)).toEqual(done);
  expect(archived()).toBe(2);
  expect(arch('--wipe', 'ant', join(server.folder, 'none.mbox'))).toEqual({
    status: 3,
    stdout: '',
    stderr: `Cannot open mbox file ${server.folder}/none.mbox\n`,
  });
  expect(arch('--wipe', 'ant', server.folder).status).toBe(3);
  expect(archived()).toBe(2);
  expect(arch('-q', '--wipe', 'ant', server.file('one.mbox', sampleMessage(2)))).toEqual(done);
  expect(archived()).toBe(1);
  expect(arch('ant')).toMatchObject({ status: 0, stdout: 'ant.example.com: 1 messages in 1 threads\n' });
  expect(arch('nosuch')).toEqual({ status: 2, stdout: '', stderr: 'No such list: nosuch\n' });
  expect(arch('-s', '3', 'ant', mbox).status).toBe(1);
  expect(arch().status).toBe(1);
});

test('rmlist leaves archives, or removes them, also later', () => {
  const server = install();
  const rmlist = (...argv: string[]) => server.mailman('legacy', 'rmlist', ...argv);
  const mbox = server.file('one.mbox', sampleMessage(0));
  for (const name of ['ant', 'bee', 'cow']) makeList(server, `${name}@example.com`);
  for (const name of ['ant', 'bee'])
    succeed(server.mailman('archive', 'import', `${name}@example.com`, mbox));
  expect(rmlist('ant').stdout).toBe(
    'Not removing archives.  Reinvoke with -a to remove them.\nRemoving list info\n',
  );
  const gone = { ...done, stdout: 'No such list: ant.  Removing its residual archives.\n' };
  expect(rmlist('-a', 'ant')).toEqual({ ...gone, stdout: `${gone.stdout}Removing private archives\n` });
  expect(rmlist('-a', 'ant')).toEqual({
    ...gone,
    stdout: `${gone.stdout}ant private archives not found as ant, ant.example.com\n`,
  });
  expect(rmlist('-a', 'bee').stdout).toBe('Removing list info\nRemoving private archives\n');
  expect(rmlist('-a', 'cow')).toEqual({
    ...done,
    stdout: 'Removing list info\ncow private archives not found as cow.example.com\n',
  });
  expect(server.mailman('archive', 'stats').stdout).not.toContain('example.com');
  expect(rmlist().status).toBe(1);
});

test('genaliases writes the maps of the mail server', () => {
  const server = install();
  makeList(server, 'ant@example.com');
  const map = join(server.folder, 'var/data/postfix_lmtp');
  server.file('var/data/postfix_lmtp', '');
  expect(server.mailman('legacy', 'genaliases', '-q')).toEqual(done);
  for (const address of ['ant', 'ant-bounces', 'ant-unsubscribe'])
    expect(readFileSync(map, 'utf8')).toMatch(new RegExp(`^${address}@example\\.com +lmtp:`, 'm'));
});

test('genaliases has nothing to do without a mail server that reads maps', () => {
  const server = install('[mta]\nincoming: mailman.mta.null.NullMTA\n');
  expect(server.mailman('legacy', 'genaliases')).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringMatching(/^Usage: genaliases/),
  });
});

test('unshunt puts all back to where it broke', () => {
  const server = install();
  makeList(server, 'ant@example.com');
  const mail = 'From: anne@example.net\nSubject: Hello\n\nHello.\n';
  for (const queue of ['pipeline', 'in'])
    succeed(server.mailmanReading(mail, 'inject', '-q', 'shunt', '-m', `whichq=${queue}`, 'ant@example.com'));
  const queues = () => JSON.parse(succeed(server.mailman('queues', '--json'))) as Record<string, number>;
  expect(server.mailman('legacy', 'unshunt', '/var/lib/mailman/qfiles/bad')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('migrate run --queues'),
  });
  expect(queues()).toMatchObject({ shunt: 2 });
  expect(server.mailman('legacy', 'unshunt')).toEqual(done);
  expect(queues()).toMatchObject({ shunt: 0, pipeline: 1, in: 1 });
});

test('check_perms names what others may read, and mends it', () => {
  const server = install();
  makeList(server, 'ant@example.com');
  const file = join(server.folder, 'var/data/mailman.db');
  chmodSync(file, 0o666);
  mkdirSync(join(server.folder, 'var/data/odd'), { mode: 0o755 });
  const { status, stdout } = server.mailman('legacy', 'check_perms');
  expect(status).toBe(0);
  expect(stdout).toContain(`${file} has mode 666, must be 660\n`);
  expect(stdout).toMatch(/^Problems found: \d+\nRe-run as /m);
  expect(server.mailman('legacy', 'check_perms', '-f').stdout).toContain('must be 660 (fixing)\n');
  expect(server.mailman('legacy', 'check_perms').stdout).toBe('No problems found\n');
  expect(server.mailman('legacy', 'check_perms', '-v').stdout).toContain('checking ');
});
