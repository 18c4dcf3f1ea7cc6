import { mkdirSync, renameSync, rmdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { strangersIn } from '../../compat/cutover/choose-members.ts';
import { copySite } from '../migrate/site/fixture-site.ts';
import { type Installation, install, MAILMAN, problemOf, runMailman, succeed } from '../support/mailman.ts';

/** What an administrator does who has never seen this. */

const LISTS = ['staff', 'chapter-south', 'chapter-north'];
const only = LISTS.flatMap((name) => ['--list', name]);

let server: Installation;
let site: string;

beforeAll(() => {
  const place = install();
  mkdirSync(join(place.folder, 'old'));
  site = copySite(join(place.folder, 'old/var'));
  // Mailman 2 is often reached by several paths.
  symlinkSync(site, join(place.folder, 'by-another-path'));
  server = install(`[cutover]\nmailman2_var_dir: ${site}\nalias_domain: ferry.invalid\n`);
  succeed(server.mailman('migrate', 'run', join(place.folder, 'by-another-path'), ...only, '--no-archives'));
});

const stages = (): Record<string, unknown> =>
  Object.fromEntries(
    server
      .query('SELECT mailman2_name, stage FROM cutover')
      .map(({ mailman2_name, stage }) => [String(mailman2_name), stage]),
  );

test('lists of a Mailman 2 that goes on are its own, whichever path it was named by', () => {
  expect(stages()).toEqual({ staff: 'legacy', 'chapter-south': 'legacy', 'chapter-north': 'legacy' });
  const path = join(site, '../../by-another-path');
  succeed(server.mailman('migrate', 'verify', path, '--list', 'staff', '--no-archives'));
  expect(server.query("SELECT verified_at FROM cutover WHERE mailman2_name = 'staff'")).not.toEqual([
    { verified_at: null },
  ]);
});

test('bounces that Mailman 2 has not counted yet are left to it, unless it has ended', () => {
  const bounces = (): number => server.query('SELECT * FROM bounce_event').length;
  const run = ['migrate', 'run', site, '--list', 'members-lab', '--no-archives'];
  succeed(server.mailman(...run));
  expect(bounces()).toBe(0);
  succeed(server.mailman(...run, '--queues'));
  expect(bounces()).toBe(1);
});

test('that lists are led from here at once is said', () => {
  const alone = install();
  const run = ['migrate', 'run', site, '--list', 'staff', '--no-archives'];
  expect(succeed(alone.mailman(...run))).toContain('\nTheir mail is for this server now: ');
  expect(succeed(server.mailman(...run))).not.toContain('Their mail is for this server now');
});

test('nobody else on the machine can read the database', () => {
  expect(statSync(join(server.folder, 'var/data/mailman.db')).mode & 0o007).toBe(0);
});

describe('a step with all lists', () => {
  test('passes over those in a stage in which it does not begin', () => {
    server.sql("UPDATE cutover SET stage = 'lead' WHERE mailman2_name = 'staff'");
    const { status, stdout, stderr } = server.mailman('cutover', 'finish', '--all', '--quiet-days', '0');
    expect(stdout).toMatch(/^staff@lists\.example\.com: lead -> retired in /);
    expect(stderr).toMatch(/^passed over, being at legacy: [^\n]*\n$/);
    expect(stderr.match(/\S+@\S+/g)?.sort()).toEqual([
      'chapter-north@lists.example.com',
      'chapter-south@lists.example.com',
      'members-lab@lists.example.com',
    ]);
    expect(status).toBe(0);
  });

  test('fails where there is none left', () => {
    expect(server.mailman('cutover', 'finish', '--all').status).toBe(1);
  });
});

test('for a list that was retired, the way that is left is named', () => {
  expect(problemOf(server.mailman('cutover', 'rollback', 'staff@lists.example.com'))).toBe(
    'staff@lists.example.com is in the stage retired; "rollback" begins at observe or alongside or lead; "mailman migrate export21" still writes it as Mailman 2 keeps lists',
  );
});

test('when Mailman 2 is gone, those that have left it are shown all the same', () => {
  const before = server.query('SELECT list_id, stage FROM cutover');
  const status = () => server.mailman('cutover', 'status');
  renameSync(site, `${site}.gone`);
  expect(problemOf(server.mailman('cutover', 'lead', '--yes', 'staff@lists.example.com'))).toContain(
    'does not exist',
  );
  server.sql("UPDATE cutover SET stage = 'retired'");
  const all = status();
  expect([all.status, all.stderr]).toEqual([0, '']);
  expect(all.stdout.match(/: retired since /g)).toHaveLength(before.length);
  server.sql("UPDATE cutover SET stage = 'legacy' WHERE mailman2_name = 'chapter-south'");
  const mixed = status();
  expect(mixed.status).toBe(0);
  expect(mixed.stdout).toMatch(/^chapter-south@lists\.example\.com: legacy since /m);
  expect(mixed.stderr).toContain(`${site} does not exist`);
  renameSync(`${site}.gone`, site);
  for (const { list_id, stage } of before)
    server.sql(`UPDATE cutover SET stage = '${stage}' WHERE list_id = '${list_id}'`);
});

test('alongside already, whom to hand over has to be said', () => {
  server.sql("UPDATE cutover SET stage = 'alongside' WHERE mailman2_name = 'chapter-south'");
  expect(problemOf(server.mailman('cutover', 'alongside', 'chapter-south@lists.example.com'))).toBe(
    'chapter-south@lists.example.com is in the stage alongside already; whom to hand over? Say --percent, --domain, --file or --everybody',
  );
});

test('addresses in a file that are of no members are found', () => {
  const members = ['anna@example.com', 'bert@example.net'];
  const addresses = ['Anna@Example.COM', 'carl@example.org'];
  expect(strangersIn(members, { kind: 'addresses', addresses })).toEqual(['carl@example.org']);
  expect(strangersIn(members, { kind: 'all' })).toEqual([]);
});

test('an address of a list is nobody who could look on', () => {
  const { status, stderr } = server.mailman('cutover', 'watch', 'Staff@lists.example.com');
  expect(status).toBe(2);
  expect(stderr).toContain('Staff@lists.example.com is a list');
  expect(server.query('SELECT * FROM user WHERE is_server_owner = 1')).toEqual([]);
});

test.each(['migrate', 'cutover', 'archive'])('%s has no other commands than those it names', (name) => {
  const { status, stderr } = server.mailman(name, 'frobnicate');
  expect(status).toBe(2);
  expect(stderr).toContain("Error: No such command 'frobnicate'; there are: ");
});

test('wrong usage shows how the command within a command is used', () => {
  expect(server.mailman('cutover', 'alongside', 'x', '--percent', 'many').stderr).toContain(
    "Usage: mailman cutover alongside [OPTIONS] [LISTSPEC...]\nTry 'mailman cutover alongside -h' for help.\n",
  );
});

test('a domain without a list is not taken', () => {
  expect(server.mailman('migrate', 'inspect', site, '--domain-of', 'staff').stderr).toContain(
    "Error: --domain-of: found 'staff', expected LIST=DOMAIN\n",
  );
});

test('a folder that cannot be made ends an export', () => {
  const outcome = server.mailman('migrate', 'export21', 'staff@lists.example.com', '/proc/x');
  expect(problemOf(outcome)).toMatch(/^\/proc\/x: /);
});

test('maps that cannot be written are named; the lists are here', () => {
  const other = install();
  succeed(other.mailman('conf'));
  succeed(other.mailman('lists'));
  mkdirSync(join(other.folder, 'var/data/postfix_lmtp'));
  const { status, stderr } = other.mailman('create', 'ant@example.com');
  expect(stderr).toContain("The mail server's maps are as they were (");
  expect(stderr).toContain('var/data/postfix_lmtp');
  expect(status).toBe(0);
  rmdirSync(join(other.folder, 'var/data/postfix_lmtp'));
  expect(succeed(other.mailman('lists', '-q'))).toContain('ant@example.com');
});

test('a folder that was removed meanwhile is no place to stand, but no reason to fail', () => {
  const script = `mkdir gone && cd gone && rmdir ../gone && exec ${MAILMAN} version`;
  expect(server.shell(script).stdout).toMatch(/^Ferryman /);
  expect(runMailman(['version'], '/').status).toBe(0);
});
