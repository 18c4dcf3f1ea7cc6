import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig } from '../../../src/config/index.ts';
import { membersOfList } from '../../../src/database/members.ts';
import { startServer } from '../../../src/server/server.ts';
import { installMailman2, type Mailman2 } from '../../peers/mailman2/install.ts';
import { type Installation, install, MAILMAN, problemOf, succeed } from '../../support/mailman.ts';

/** Following from outside: the command, and a server that does it by itself. */

const SITE = fileURLToPath(new URL('../../../fixtures/mailman21', import.meta.url));
const ADDRESS = 'plain@lists.example.com';

let folder: string;
let mailman2: Mailman2;
let server: Installation;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ferryman-follow-'));
  mailman2 = installMailman2(folder, SITE, ['plain', 'announce']);
  server = install(
    `[cutover]\nmailman2_var_dir: ${mailman2.varDir}\nalias_domain: ferry.invalid\n[runner.lmtp]\nstart: no\n[runner.rest]\nstart: no\n`,
  );
  succeed(server.mailman('migrate', 'run', mailman2.varDir, '--list', 'plain', '--no-archives'));
});

afterAll(async () => {
  await mailman2.stop();
  rmSync(folder, { recursive: true });
});

const members = (): string => succeed(server.mailman('members', ADDRESS));

test('--once applies what has changed, and says so', () => {
  const look = succeed(server.mailman('migrate', 'follow', mailman2.varDir, '--list', 'plain', '--once'));
  expect(look).toBe('plain: as it is here\n1 list, 0 changed, up to date\n');
  mailman2.run('add_members', ['-r', '-', 'plain'], 'zoe@people.example\n');
  const lines = succeed(
    server.mailman('migrate', 'follow', mailman2.varDir, '--list', 'plain', '--once'),
  ).split('\n');
  expect(lines[0]).toMatch(/^plain: members: 1 new.* \(\d+\.\d s after the change\)$/);
  expect(lines[1]).toBe('1 list, 1 changed, up to date');
  expect(members()).toContain('zoe@people.example');
  mailman2.run('remove_members', ['plain', 'zoe@people.example']);
  const report = JSON.parse(
    succeed(server.mailman('migrate', 'follow', mailman2.varDir, '--list', 'plain', '--once', '--json')),
  );
  expect(report).toMatchObject({
    ...{ lists: 1, lag_ms: 0 },
    applied: [{ list: 'plain', applied: expect.stringContaining('members: 1 gone') }],
  });
  expect(members()).not.toContain('zoe@people.example');
});

test('a list that has not come over is named, and nothing to follow is an error', () => {
  const both = server.mailman('migrate', 'follow', mailman2.varDir, '--once');
  expect(both.stderr).toContain('announce has not come over');
  expect(both.status).toBe(0);
  const none = server.mailman('migrate', 'follow', mailman2.varDir, '--list', 'announce', '--once');
  expect(none.status).toBe(2);
  expect(problemOf(none)).toContain('None of these lists has come over');
});

test('in the foreground it goes on until it is stopped', async () => {
  const config = join(server.folder, 'mailman.cfg');
  const child = spawn(MAILMAN, [
    '-C',
    config,
    'migrate',
    'follow',
    mailman2.varDir,
    '--list',
    'plain',
    '--json',
  ]);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  try {
    await sleep(1500);
    mailman2.run('add_members', ['-r', '-', 'plain'], 'yan@people.example\n');
    await until(() => output.includes('members: 1 new'));
    const [line = ''] = output.trim().split('\n').slice(-1);
    expect(JSON.parse(line)).toMatchObject({ list: 'plain', lag_ms: expect.any(Number) });
  } finally {
    child.kill('SIGTERM');
  }
  const [status] = (await once(child, 'exit')) as [number | null];
  expect(status).toBe(0);
  expect(members()).toContain('yan@people.example');
});

test('a server follows by itself, and a change is here within two seconds', async () => {
  const running = await startServer(loadConfig({ file: join(server.folder, 'mailman.cfg') }));
  const { connection } = running.services.database;
  const isHere = async (email: string): Promise<boolean> =>
    (await membersOfList(connection, 'plain.lists.example.com', ['member'])).some(
      (one) => one.email === email,
    );
  try {
    await sleep(1200);
    mailman2.run('add_members', ['-r', '-', 'plain'], 'xenia@people.example\n');
    const started = performance.now();
    await until(() => isHere('xenia@people.example'));
    expect(performance.now() - started).toBeLessThan(10_000);
  } finally {
    await running.stop();
  }
});

test('cutover parity reports as text, JSON and a page', () => {
  const page = join(folder, 'parity.html');
  expect(succeed(server.mailman('cutover', 'parity', ADDRESS, '--html', page))).toBe(
    `${ADDRESS}: no posts\n`,
  );
  expect(existsSync(page) && readFileSync(page, 'utf8')).toContain(
    '<h1>Mailman 2 and this server, post by post</h1>',
  );
  const [parity] = JSON.parse(
    succeed(server.mailman('cutover', 'parity', '--all', '--json', '--since', '12h')),
  );
  expect(parity).toMatchObject({ list: ADDRESS, posts: 0, percent: null, missing: [] });
  expect(server.mailman('cutover', 'parity').status).toBe(2);
  expect(server.mailman('cutover', 'parity', ADDRESS, '--since', 'soon').status).toBe(2);
  expect(server.mailman('cutover', 'parity', 'bee@lists.example.com').status).toBe(2);
});

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error('it did not happen in time');
    await sleep(50);
  }
}
