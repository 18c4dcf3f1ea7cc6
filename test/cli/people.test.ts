import { beforeAll, expect, test } from 'vitest';
import { install, makeList, problemOf, succeed } from '../support/mailman.ts';

const server = install();
const { mailman, mailmanReading } = server;

beforeAll(() => {
  succeed(mailman('create', '-q', '-o', 'usr2@example.com', 'ant@example.com'));
  succeed(mailmanReading('anne@example.com\nUsr2@example.com', 'addmembers', '-', 'ant@example.com'));
  makeList(server, 'bee@example.com', 'usr2@example.com', 'usr10@example.com');
});

test('a member is found on all lists in all roles, by address, list and role', () => {
  expect(mailman('findmember', 'USR')).toEqual({
    status: 0,
    stdout: [
      'Email: usr10@example.com',
      '    List: bee.example.com',
      '        MemberRole.member',
      'Email: Usr2@example.com',
      '    List: ant.example.com',
      '        MemberRole.member',
      '        MemberRole.owner',
      '    List: bee.example.com',
      '        MemberRole.member',
      '',
    ].join('\n'),
    stderr: '',
  });
});

test.each([
  ['owner', 'ant'],
  ['administrator', 'ant'],
])('only in the role of %s', (role, list) => {
  expect(mailman('findmember', '-r', role, '^usr').stdout).toBe(
    `Email: usr2@example.com\n    List: ${list}.example.com\n        MemberRole.owner\n`,
  );
});

test.each(['moderator', 'nonmember'])('nobody in the role of %s is no failure', (role) => {
  expect(mailman('findmember', '--role', role, 'usr')).toEqual({ status: 0, stdout: '', stderr: '' });
});

test('regular expressions are those of Python', () => {
  const found = (pattern: string) =>
    mailman('findmember', '-r', 'member', pattern).stdout.match(/^Email: .*$/gm);
  expect(found('^anne@')).toEqual(['Email: anne@example.com']);
  expect(found('(?P<digit>\\d)0@')).toEqual(['Email: usr10@example.com']);
  expect(found('r(?=10)')).toEqual(['Email: usr10@example.com']);
  expect(found('\\Ausr2.*com\\Z')).toEqual(['Email: Usr2@example.com']);
  expect(found('nobody')).toBeNull();
});

test('an address that belongs to nobody is found too', () => {
  server.sql("UPDATE address SET user_id = NULL WHERE email = 'anne@example.com'");
  expect(mailman('findmember', '^anne').stdout).toContain('Email: anne@example.com\n');
});

test('other addresses of a person are found with one', () => {
  server.sql(
    "UPDATE address SET user_id = (SELECT user_id FROM address WHERE email = 'usr10@example.com') WHERE email = 'anne@example.com'",
  );
  expect(mailman('findmember', '^anne').stdout).toContain('Email: usr10@example.com\n');
});

test('memberships as JSON', () => {
  expect(JSON.parse(mailman('findmember', '--json', '-r', 'owner', 'usr2').stdout)).toEqual([
    { email: 'usr2@example.com', list_id: 'ant.example.com', role: 'owner' },
  ]);
});

test('a regular expression that does not compile is wrong usage', () => {
  const outcome = mailman('findmember', '(');
  expect(outcome).toMatchObject({ status: 2, stdout: '' });
  expect(problemOf(outcome)).toMatch(/^Error: Invalid value for 'PATTERN': .*"\(".*/);
  expect(problemOf(mailman('findmember', '-r', 'king', 'x'))).toBe(
    "Error: Invalid value for '--role' / '-r': 'king' is not one of 'all', 'owner', 'moderator', 'nonmember', 'member', 'administrator'.",
  );
});

test('an address changes everywhere', () => {
  makeList(server, 'cat@example.com', 'Old Name <old@example.com>');
  makeList(server, 'dog@example.com', 'old@example.com');
  expect(mailman('changeaddress', 'old@example.com', 'new@Example.com')).toEqual({
    status: 0,
    stdout: 'Address changed from old@example.com to new@Example.com.\n',
    stderr: '',
  });
  expect(mailman('members', 'cat@example.com').stdout).toBe('Old Name <new@Example.com>\n');
  expect(mailman('members', '-e', 'dog@example.com').stdout).toBe('new@Example.com\n');
  expect(mailman('findmember', '^old@').stdout).toBe('');
});

test('a change of address as JSON', () => {
  makeList(server, 'fox@example.com', 'before@example.com');
  const { stdout } = mailman('changeaddress', '--json', 'before@example.com', 'after@example.com');
  expect(JSON.parse(stdout)).toEqual({ old_address: 'before@example.com', new_address: 'after@example.com' });
});

test('the case of an address alone can be changed', () => {
  makeList(server, 'eel@example.com', 'case@example.com');
  expect(mailman('changeaddress', 'case@example.com', 'Case@example.com').stdout).toBe(
    'Address changed from case@example.com to Case@example.com.\n',
  );
  expect(mailman('members', 'eel@example.com').stdout).toBe('Case@example.com\n');
  expect(problemOf(mailman('changeaddress', 'case@example.com', 'Case@example.com'))).toBe(
    'Error: Addresses are not different.  Nothing to change.',
  );
});

test.each([
  [['nobody@example.com', 'x@example.com'], 'Error: Address nobody@example.com not found.'],
  [['usr2@example.com', 'bad'], 'Error: Address bad is not a valid email address.'],
  [['usr2@example.com', 'anne@example.com'], "Error: Address anne@example.com already exists; can't change."],
  [['usr2@example.com'], "Error: Missing argument 'NEW_ADDRESS'."],
])('changeaddress %j is refused: %s', (argv, problem) => {
  const outcome = mailman('changeaddress', ...argv);
  expect(outcome).toMatchObject({ status: 2, stdout: '' });
  expect(problemOf(outcome)).toBe(problem);
});
