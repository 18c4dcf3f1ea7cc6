import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { type Installation, install, problemOf, succeed } from '../support/mailman.ts';

const old = install();
let file = '';

function members(server: Installation, list: string): string[] {
  return succeed(server.mailman('members', list)).trim().split('\n');
}

beforeAll(() => {
  succeed(old.mailman('create', '-q', '-o', 'boss@example.com', 'ant@example.com'));
  succeed(
    old.mailmanReading('Anne Ä. <anne@example.com>\nbart@example.com', 'addmembers', '-', 'ant@example.com'),
  );
  file = join(old.folder, 'ant.json');
  succeed(old.mailman('export', 'ant@example.com', '--secrets', '-o', file));
});

test('a list moves to another server by a file, and back', () => {
  const server = install();
  const imported = succeed(server.mailman('import', file));
  expect(imported.split('\n').slice(0, 2)).toEqual([
    'Imported ant@example.com: 2 members, 1 owners, 0 moderators, 0 nonmembers, 0 held posts',
    'New here: 3 users, 3 addresses',
  ]);
  expect(members(server, 'ant@example.com')).toEqual(members(old, 'ant@example.com'));
  expect(succeed(server.mailman('export', 'ant@example.com', '--secrets'))).toBe(readFileSync(file, 'utf8'));
});

test('a file with passwords is for its owner alone; one line stands for each member', () => {
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const lines = readFileSync(file, 'utf8').split('\n');
  expect(lines.filter((line) => line.startsWith('  {"member_id":'))).toHaveLength(3);
});

test('from standard input, on trial, with a report as JSON', () => {
  const server = install();
  const { status, stdout } = server.mailmanReading(readFileSync(file), 'import', '-', '--dry-run', '--json');
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    list: 'ant@example.com',
    list_id: 'ant.example.com',
    replaced: false,
    members: { member: 2, owner: 1, moderator: 0, nonmember: 0 },
    new_users: 3,
    new_addresses: 3,
    held_posts: 0,
    has_secrets: true,
    dry_run: true,
  });
  expect(succeed(server.mailman('lists', '-q'))).toBe('');
});

test('a list comes back as it was saved', () => {
  const server = install();
  succeed(server.mailman('import', file));
  succeed(server.mailman('delmembers', '-l', 'ant@example.com', '-a'));
  expect(problemOf(server.mailman('import', file))).toBe('Error: List already exists: ant@example.com');
  expect(succeed(server.mailman('import', file, '--replace'))).toContain(
    'Replaced ant@example.com: 2 members',
  );
  expect(members(server, 'ant@example.com')).toHaveLength(2);
});

test.each<[string, string | Uint8Array, string]>([
  ['half of it', '{"format": "ferryman-list", "vers', 'bad.json: this is not JSON, or not all of it ('],
  ['something else', '{"lists": []}', 'bad.json: format is missing; expected one of ferryman-list'],
  ['another encoding', Buffer.from('{"a": "\xe4"}', 'latin1'), 'bad.json is not UTF-8'],
])('%s is refused in a line', (_, content, problem) => {
  const { status, stderr, stdout } = old.mailman('import', old.file('bad.json', content));
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr.split('\n')).toHaveLength(2);
  expect(stderr).toContain(problem);
});

test('a domain that is missing is made, unless that is refused', () => {
  const server = install();
  expect(problemOf(server.mailman('import', '-D', file))).toBe('Error: Undefined domain: example.com');
  expect(succeed(server.mailman('lists', '-q'))).toBe('');
});
