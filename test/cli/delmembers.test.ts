import { beforeEach, expect, test } from 'vitest';
import { install, makeList, problemOf, succeed } from '../support/mailman.ts';
import { takeQueued } from '../support/queue.ts';

const server = install();
const { mailman, mailmanReading } = server;

const people = ['Anne <anne@example.com>', 'Bob Person <Bob@example.com>', 'carl@example.com'];

beforeEach(() => {
  for (const list of ['ant@example.com', 'bee@example.com']) {
    mailman('remove', '-q', list);
    makeList(server, list, ...people);
  }
});

const left = (list: string) =>
  succeed(mailman('members', '-e', list))
    .trimEnd()
    .split('\n')
    .map((address) => address.split('@')[0]);

const silent = { status: 0, stdout: '', stderr: '' };

test('members named one by one', () => {
  expect(mailman('delmembers', '-l', 'ant@example.com', '-m', 'ANNE@example.com')).toEqual(silent);
  expect(left('ant@example.com')).toEqual(['Bob', 'carl']);
  const names = ['--member', 'Bob Person <bob@example.com>', '-m', 'carl@example.com'];
  expect(mailman('delmembers', '--list', 'ant.example.com', ...names)).toEqual(silent);
  expect(mailman('members', 'ant@example.com').stdout).toBe('ant.example.com has no members\n');
  expect(left('bee@example.com')).toEqual(['anne', 'Bob', 'carl']);
});

test('members in a file, and others beside', () => {
  const outcome = mailmanReading(
    '# leaving\nAnne <anne@example.com>\n\n',
    ...['delmembers', '-l', 'ant@example.com', '-f', '-', '-m', 'carl@example.com'],
  );
  expect(outcome).toEqual(silent);
  expect(left('ant@example.com')).toEqual(['Bob']);
});

test('all members of a list, no owner', () => {
  succeed(mailman('create', '-q', '-o', 'owner@example.com', 'own@example.com'));
  succeed(mailmanReading('owner@example.com', 'addmembers', '-', 'own@example.com'));
  expect(mailman('delmembers', '-a', '-l', 'own@example.com')).toEqual(silent);
  expect(mailman('members', '-c', 'own@example.com').stdout).toBe('0\n');
  expect(mailman('members', '-R', 'owner', 'own@example.com').stdout).toBe('owner@example.com\n');
});

test('members of every list', () => {
  succeed(mailman('delmembers', '-l', 'bee@example.com', '-m', 'carl@example.com'));
  expect(mailman('delmembers', '--fromall', '-m', 'carl@example.com', '-m', 'anne@example.com')).toEqual(
    silent,
  );
  expect(left('ant@example.com')).toEqual(['Bob']);
  expect(left('bee@example.com')).toEqual(['Bob']);
});

test('who is not there is named', () => {
  const warning = 'Member not subscribed (skipping): nobody@example.com\n';
  expect(
    mailman('delmembers', '-l', 'ant@example.com', '-m', 'nobody@example.com', '-m', 'anne@example.com'),
  ).toEqual({
    status: 0,
    stdout: '',
    stderr: warning,
  });
  expect(left('ant@example.com')).toEqual(['Bob', 'carl']);
  expect(mailman('delmembers', '--fromall', '-m', 'nobody@example.com').stderr).toBe(warning);
});

test('the outcome as JSON', () => {
  const argv = ['-l', 'ant@example.com', '-m', 'Anne@example.com', '-m', 'nobody@example.com', '--json'];
  expect(JSON.parse(mailman('delmembers', ...argv).stdout)).toEqual({
    removed: [{ list_id: 'ant.example.com', email: 'Anne@example.com' }],
    not_subscribed: ['nobody@example.com'],
  });
});

test.each([
  [['-m', 'a@example.com'], 'Error: Without --fromall, -l/--list is required.'],
  [['-a'], 'Error: Without --fromall, -l/--list is required.'],
  [['-l', 'ant@example.com'], 'Error: At least one of -a/--all, -f/--file or -m/--member is required.'],
  [['--fromall'], 'Error: At least one of -a/--all, -f/--file or -m/--member is required.'],
  [
    ['-l', 'ant@example.com', '-a', '-m', 'a@example.com'],
    'Error: -a/--all must not be specified with -f/--file or -m/--member.',
  ],
  [
    ['-l', 'ant@example.com', '-a', '-f', '-'],
    'Error: -a/--all must not be specified with -f/--file or -m/--member.',
  ],
  [
    ['--fromall', '-l', 'ant@example.com', '-m', 'a@example.com'],
    'Error: --fromall may not be specified with -l/--list, or -a/--all',
  ],
  [['--fromall', '-a'], 'Error: --fromall may not be specified with -l/--list, or -a/--all'],
  [['-l', 'nope@example.com', '-a'], 'Error: No such list: nope@example.com'],
  [
    ['-l', 'ant@example.com', '-f', '/x'],
    "Error: Invalid value for '--file' / '-f': '/x': No such file or directory",
  ],
])('delmembers %j is refused: %s', (argv, problem) => {
  const outcome = mailman('delmembers', ...argv);
  expect(outcome).toMatchObject({ status: 2, stdout: '' });
  expect(problemOf(outcome)).toBe(problem);
  expect(left('ant@example.com')).toEqual(['anne', 'Bob', 'carl']);
});

test.each([
  [[], true, false],
  [['-g', '-n'], true, true],
  [['-G', '-N'], false, false],
])('%j says goodbye: %s, and tells owners: %s', (options, toPerson, toOwners) => {
  takeQueued(server);
  expect(mailman('delmembers', ...options, '-l', 'ant@example.com', '-m', 'anne@example.com').status).toBe(0);
  expect(
    takeQueued(server).map(({ metadata, message }) => [metadata.announcement, message.root.body.toString()]),
  ).toEqual(
    toPerson || toOwners
      ? [
          [
            { change: 'left', to_person: toPerson, to_owners: toOwners },
            expect.stringContaining('"address":"anne@example.com"'),
          ],
        ]
      : [],
  );
});
