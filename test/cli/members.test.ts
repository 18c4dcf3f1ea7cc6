import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { install, makeList, problemOf, succeed } from '../support/mailman.ts';

const server = install();
const { mailman, mailmanReading } = server;

beforeAll(() => {
  succeed(mailman('create', '-q', '-o', 'owner@example.com', 'ant@example.com'));
  const add = (delivery: string, ...lines: string[]) =>
    succeed(mailmanReading(lines.join('\n'), 'addmembers', '-d', delivery, '-', 'ant@example.com'));
  add('regular', 'Bob Person <Bob@Example.com>', 'anne@example.com', '"Last, First" <lf@example.com>');
  add('mime', 'mime@example.com');
  add('plain', 'plain@example.com');
  add('summary', 'summary@example.com');
  add('disabled', 'Zed <zed@example.com>');
});

const list = (...argv: string[]) =>
  succeed(mailman('members', ...argv, 'ant@example.com'))
    .split('\n')
    .slice(0, -1);

test('members are sorted by address, names are not quoted, addresses keep their case', () => {
  expect(list()).toEqual([
    'anne@example.com',
    'Bob Person <Bob@Example.com>',
    'Last, First <lf@example.com>',
    'mime@example.com',
    'plain@example.com',
    'summary@example.com',
    'Zed <zed@example.com>',
  ]);
});

test.each([
  [['-r'], ['anne', 'Bob', 'lf', 'zed']],
  [
    ['--regular', '-n', 'enabled'],
    ['anne', 'Bob', 'lf'],
  ],
  [
    ['-d', 'any'],
    ['mime', 'plain', 'summary'],
  ],
  [['-d', 'plaintext'], ['plain']],
  [
    ['--digest', 'mime'],
    ['mime', 'summary'],
  ],
  [['-r', '-d', 'any'], []],
  [
    ['-n', 'enabled'],
    ['anne', 'Bob', 'lf', 'mime', 'plain', 'summary'],
  ],
  [['-n', 'any'], ['zed']],
  [['--nomail', 'byadmin'], ['zed']],
  [['-n', 'byuser'], []],
  [['-n', 'bybounces'], []],
  [['-n', 'unknown'], []],
  [['-R', 'owner'], ['owner']],
  [['-R', 'moderator'], 'ant.example.com has no members'],
  [['-R', 'nonmember'], 'ant.example.com has no members'],
  [['-R', 'administrator'], ['owner']],
  [['-R', 'member', '-N', '-d', 'plaintext'], ['plain']],
  [
    ['--role', 'any'],
    ['anne', 'Bob', 'lf', 'mime', 'owner', 'plain', 'summary', 'zed'],
  ],
])('members %j', (argv, expected) => {
  const found = list('-e', ...argv);
  if (typeof expected === 'string') expect(found).toEqual([expected]);
  else expect(found.map((address) => address.split('@')[0])).toEqual(expected);
});

test('each disabled status has its filter', () => {
  const other = install();
  makeList(other, 'ant@example.com', 'user@example.com', 'bounces@example.com', 'unknown@example.com');
  for (const status of ['user', 'bounces', 'unknown']) {
    const stored = status === 'unknown' ? status : `by_${status}`;
    other.sql('UPDATE member SET delivery_status = ? WHERE email = ?', stored, `${status}@example.com`);
    const filter = status === 'unknown' ? status : `by${status}`;
    expect(other.mailman('members', '-n', filter, 'ant@example.com').stdout).toBe(`${status}@example.com\n`);
  }
  expect(other.mailman('members', '-n', 'any', '-c', 'ant@example.com').stdout).toBe('3\n');
});

test('counting ignores the delivery', () => {
  expect(list('-c')).toEqual(['7']);
  expect(list('--count-only', '-r')).toEqual(['7']);
  expect(list('-c', '-R', 'any')).toEqual(['8']);
  expect(list('-c', '-R', 'moderator')).toEqual(['0']);
});

test('a list without members says so', () => {
  makeList(server, 'dog@example.com');
  expect(mailman('members', 'dog@example.com').stdout).toBe('dog.example.com has no members\n');
  expect(mailman('members', '-c', 'DOG.example.com').stdout).toBe('0\n');
  expect(JSON.parse(mailman('members', '--json', 'dog@example.com').stdout)).toEqual({
    list_id: 'dog.example.com',
    members: [],
  });
});

test.each([
  ...['-r', '--digest=any', '--nomail=any'].map(
    (option) =>
      [
        ['-R', 'any', option],
        'Error: The --regular, --digest and --nomail options are incompatible with role=any.',
      ] as const,
  ),
  [['-e', '-c'], 'Error: The --email_only and --count_only options are mutually exclusive.'],
  [['-a', 'x'], 'Error: The --add option is removed. Use `mailman addmembers` instead.'],
  [['--delete', 'x'], 'Error: The --delete option is removed. Use `mailman delmembers` instead.'],
  [['-s', 'x'], 'Error: The --sync option is removed. Use `mailman syncmembers` instead.'],
  [
    ['-R', 'king'],
    "Error: Invalid value for '--role' / '-R': 'king' is not one of 'any', 'owner', 'moderator', 'nonmember', 'member', 'administrator'.",
  ],
  [['-d', 'x'], "Error: Invalid value for '--digest' / '-d': 'x' is not one of 'any', 'plaintext', 'mime'."],
  [
    ['-n', 'x'],
    "Error: Invalid value for '--nomail' / '-n': 'x' is not one of 'enabled', 'any', 'unknown', 'byadmin', 'byuser', 'bybounces'.",
  ],
] as const)('members %j is refused: %s', (argv, problem) => {
  const outcome = mailman('members', ...argv, 'ant@example.com');
  expect(outcome).toMatchObject({ status: 2, stdout: '' });
  expect(problemOf(outcome)).toBe(problem);
});

test('a list that does not exist is wrong usage', () => {
  expect(problemOf(mailman('members', 'nope@example.com'))).toBe('Error: No such list: nope@example.com');
  expect(problemOf(mailman('members', 'nope'))).toBe('Error: No such list: nope');
});

test('members as JSON', () => {
  const { list_id, members } = JSON.parse(mailman('members', '-r', '--json', 'ant@example.com').stdout);
  expect(list_id).toBe('ant.example.com');
  expect(members).toHaveLength(4);
  expect(members[1]).toEqual({
    email: 'Bob@Example.com',
    display_name: 'Bob Person',
    role: 'member',
    delivery_mode: 'regular',
    delivery_status: 'enabled',
  });
  expect(members[3]).toMatchObject({ email: 'zed@example.com', delivery_status: 'by_moderator' });
  expect(JSON.parse(mailman('members', '-c', '--json', 'ant@example.com').stdout)).toEqual({
    list_id: 'ant.example.com',
    count: 7,
  });
});

test('the output can go to a file', () => {
  const file = join(server.folder, 'members.txt');
  expect(mailman('members', '-o', file, '-d', 'plaintext', 'ant@example.com')).toEqual({
    status: 0,
    stdout: '',
    stderr: '',
  });
  expect(readFileSync(file, 'utf8')).toBe('plain@example.com\n');
});

test('somebody has a name for each list', () => {
  makeList(server, 'one@example.com', 'Anna at One <many@example.com>');
  makeList(server, 'two@example.com', 'Anna at Two <many@example.com>');
  makeList(server, 'three@example.com', 'many@example.com');
  const shown = (address: string) => mailman('members', address).stdout;
  expect(shown('one@example.com')).toBe('Anna at One <many@example.com>\n');
  expect(shown('two@example.com')).toBe('Anna at Two <many@example.com>\n');
  // Without a name of its own on the list, that of the address counts, which came with the first list.
  expect(shown('three@example.com')).toBe('Anna at One <many@example.com>\n');
  server.sql("UPDATE address SET display_name = '' WHERE email = 'many@example.com'");
  server.sql("UPDATE user SET display_name = 'Anna' WHERE display_name = 'Anna at One'");
  expect(shown('three@example.com')).toBe('Anna <many@example.com>\n');
});

test('a name cannot drive the terminal or forge a line', () => {
  makeList(server, 'evil@example.com', 'Eve <eve@example.com>');
  server.sql("UPDATE member SET display_name = ? WHERE email = 'eve@example.com'", 'E\x1b[2J\nroot\u202e');
  expect(mailman('members', 'evil@example.com').stdout).toBe('E\\x1b[2J\\x0aroot\\u202e <eve@example.com>\n');
  const json = mailman('members', '--json', 'evil@example.com').stdout;
  expect(json).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
  expect(JSON.parse(json).members[0].display_name).toBe('E\x1b[2J\nroot\u202e');
});
