import { appendFileSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { freePort } from '../peers/throwaway.ts';
import { type Installation, install, problemOf, succeed } from '../support/mailman.ts';

const running: Installation[] = [];

afterEach(() => {
  for (const { mailman } of running.splice(0)) mailman('stop', '-q');
});

async function prepare(): Promise<Installation> {
  const server = install(
    `[web]\nport: 0\n[webservice]\nport: 0\n[mta]\nincoming: null\nlmtp_port: ${await freePort()}\n`,
  );
  running.push(server);
  return server;
}

test('start, status, reopen, restart, stop', async () => {
  const { mailman } = await prepare();
  expect(mailman('status')).toEqual({ status: 0, stdout: 'GNU Mailman is not running\n', stderr: '' });
  expect(mailman('start')).toEqual({
    status: 0,
    stdout: "Starting Mailman's master runner\nGenerating MTA alias maps\n",
    stderr: '',
  });
  const { status, stdout } = mailman('status');
  expect(status).toBe(1);
  expect(stdout).toMatch(/^GNU Mailman is running \(master pid: \d+\)\n$/);
  expect(problemOf(mailman('start'))).toBe('Error: GNU Mailman is already running');
  expect(mailman('start').status).toBe(2);
  expect(succeed(mailman('reopen'))).toBe('Reopening the Mailman runners\n');
  expect(succeed(mailman('restart'))).toBe('Restarting the Mailman runners\n');
  expect(mailman('status').stdout).toBe(stdout);
  expect(succeed(mailman('stop'))).toBe("Shutting down Mailman's master runner\n");
  expect(mailman('status').status).toBe(0);
});

test('quietly', async () => {
  const { mailman } = await prepare();
  for (const command of ['start', 'reopen', 'restart', 'stop'])
    expect(mailman(command, '-q').stdout).toBe('');
});

test('stop where nothing runs says so', async () => {
  const { mailman, folder } = await prepare();
  expect(mailman('stop')).toEqual({
    status: 0,
    stdout: "Shutting down Mailman's master runner\n",
    stderr: `PID unreadable in: ${folder}/var/master.pid\n[Errno 2] No such file or directory: '${folder}/var/master.pid'\nIs the master even running?\n`,
  });
});

test('after kill -9 the state is known, and a start takes over', async () => {
  const { mailman } = await prepare();
  succeed(mailman('start'));
  const pid = Number(/\d+/.exec(mailman('status').stdout)?.[0]);
  process.kill(pid, 'SIGKILL');
  await expect
    .poll(() => mailman('status'))
    .toEqual({
      status: 2,
      stdout: `GNU Mailman is stopped (stale pid: ${pid})\n`,
      stderr: '',
    });
  expect(mailman('stop').stderr).toBe(
    `No child with pid: ${pid}\n[Errno 3] No such process\nStale pid file removed.\n`,
  );
  succeed(mailman('start'));
  expect(mailman('status').status).toBe(1);
});

test('the lock of another host needs --force', async () => {
  const { mailman, folder } = await prepare();
  mkdirSync(join(folder, 'var/locks'), { recursive: true });
  writeFileSync(join(folder, 'var/locks/master.lck'), 'elsewhere.example.com|1234|5\n');
  expect(mailman('status')).toEqual({
    status: 3,
    stdout: `GNU Mailman is in an unexpected state (elsewhere.example.com != ${hostname()})\n`,
    stderr: '',
  });
  expect(problemOf(mailman('start'))).toBe(
    'Error: A previous run of GNU Mailman did not exit cleanly (host_mismatch).  Try using --force',
  );
  succeed(mailman('start', '--force'));
  expect(mailman('status').status).toBe(1);
});

test('a lock that a power failure has emptied is taken over', async () => {
  const { mailman, folder } = await prepare();
  mkdirSync(join(folder, 'var/locks'), { recursive: true });
  for (const content of ['', '\0'.repeat(40)]) {
    writeFileSync(join(folder, 'var/locks/master.lck'), content);
    expect(mailman('status').status).toBe(2);
    succeed(mailman('start'));
    expect(mailman('status').status).toBe(1);
    expect(readdirSync(join(folder, 'var/locks'))).toEqual(['master.lck']);
    for (const name of ['locks/master.lck', 'master.pid'])
      expect(statSync(join(folder, 'var', name)).mode & 0o777).toBe(0o644);
    succeed(mailman('stop'));
  }
});

test('a log that cannot be written is named; mail is taken all the same', async () => {
  const { mailman, folder } = await prepare();
  const config = join(folder, 'mailman.cfg');
  appendFileSync(
    config,
    `[logging.smtp]\npath: ${config}/smtp.log\n[logging.bounce]\npath: ${folder}/new/b.log\n`,
  );
  const { status, stderr } = mailman('start');
  expect(status).toBe(0);
  expect(stderr).toMatch(/^[^\n]*mailman\.cfg:\d+: \[logging\.smtp\] path: [^\n]* cannot be used[^\n]*\n$/);
  expect(mailman('status').status).toBe(1);
});

test('a server that cannot start says why', async () => {
  const first = await prepare();
  const port = await freePort();
  const other = install(`[mta]\nincoming: null\nlmtp_port: ${port}\n`);
  running.push(other);
  succeed(other.mailman('start'));
  first.file(
    'mailman.cfg',
    `[mailman]\nlayout: test\n[paths.test]\nvar_dir: ${first.folder}/var\n[mta]\nincoming: null\nlmtp_port: ${port}\n`,
  );
  const { status, stderr } = first.mailman('start');
  expect(status).toBe(1);
  expect(stderr).toMatch(/^[^\n]*mailman\.cfg:\d+: \[mta\] lmtp_port: [^\n]*EADDRINUSE[^\n]*\n$/);
  expect(first.mailman('status').status).toBe(0);
});
