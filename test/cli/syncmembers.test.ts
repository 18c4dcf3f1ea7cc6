import { beforeEach, expect, test } from 'vitest';
import { install, makeList, problemOf } from '../support/mailman.ts';
import { takeQueued } from '../support/queue.ts';

const server = install();
const { mailman, mailmanReading } = server;

beforeEach(() => {
  mailman('remove', '-q', 'ant@example.com');
  makeList(
    server,
    'ant@example.com',
    'Carl Person <carl@example.com>',
    '"Last, First" <lf@example.com>',
    'Kept <kept@example.com>',
  );
});

const wanted = [
  '# wanted',
  '  New Two <new2@example.com>  ',
  'New One <New1@example.com>',
  'Other Name <KEPT@example.com>',
  'bad line',
  '"Comma, Name" <new3@example.com>',
];

const changes = [
  '[ADD] New One <New1@example.com>',
  '[ADD] New Two <new2@example.com>',
  '[ADD] "Comma, Name" <new3@example.com>',
  '[DEL] Carl Person <carl@example.com>',
  '[DEL] "Last, First" <lf@example.com>',
  '',
].join('\n');

const sync = (lines: readonly string[], ...argv: string[]) =>
  mailmanReading(lines.join('\n'), 'syncmembers', ...argv, '-', 'ant@example.com');

test('the list becomes the file; who stays keeps the name', () => {
  expect(sync(wanted)).toEqual({
    status: 0,
    stdout: changes,
    stderr: 'Cannot parse as valid email address (skipping): bad line\n',
  });
  expect(mailman('members', 'ant@example.com').stdout).toBe(
    'Kept <kept@example.com>\nNew One <New1@example.com>\nNew Two <new2@example.com>\nComma, Name <new3@example.com>\n',
  );
  expect(sync(wanted).stdout).toBe('Nothing to do\n');
});

test.each(['-n', '--no-change'])('%s shows the same and does nothing', (option) => {
  const before = mailman('members', 'ant@example.com').stdout;
  expect(sync(wanted, option)).toMatchObject({ status: 0, stdout: changes });
  expect(mailman('members', 'ant@example.com').stdout).toBe(before);
});

test('who is banned is not added', async () => {
  await server.ban('ant.example.com', 'new2@example.com');
  for (const option of ['-n', '-W']) {
    const { stdout, stderr } = sync(['new2@example.com', 'carl@example.com'], option, '--json');
    expect(stderr).toBe('Membership is banned (skipping): new2@example.com\n');
    expect(JSON.parse(stdout)).toMatchObject({ added: [], skipped: [{ reason: 'banned' }] });
  }
});

test('new members get their mail as asked for, the others as before', () => {
  expect(sync(['kept@example.com', 'new@example.com'], '-d', 'mime').status).toBe(0);
  expect(mailman('members', '-d', 'mime', 'ant@example.com').stdout).toBe('new@example.com\n');
  expect(mailman('members', '-r', 'ant@example.com').stdout).toBe('Kept <kept@example.com>\n');
});

test('an empty file empties the list', () => {
  expect(sync([]).stdout).toBe(
    '[DEL] Carl Person <carl@example.com>\n[DEL] Kept <kept@example.com>\n[DEL] "Last, First" <lf@example.com>\n',
  );
  expect(mailman('members', '-c', 'ant@example.com').stdout).toBe('0\n');
});

test('the outcome as JSON', () => {
  const { stdout } = sync(
    ['kept@example.com', 'carl@example.com', 'N <n@example.com>', 'nonsense'],
    '--json',
  );
  expect(JSON.parse(stdout)).toEqual({
    list_id: 'ant.example.com',
    changed: true,
    added: [{ email: 'n@example.com', display_name: 'N' }],
    removed: [{ email: 'lf@example.com', display_name: 'Last, First' }],
    skipped: [{ email: 'nonsense', display_name: '', reason: 'invalid' }],
  });
  expect(JSON.parse(sync([], '--json', '-n').stdout)).toMatchObject({ changed: false });
});

test.each([
  [['-', 'nope@example.com'], 'Error: No such list: nope@example.com'],
  [['/x', 'ant@example.com'], "Error: Invalid value for 'FILENAME': '/x': No such file or directory"],
  [
    ['-d', 'bogus', '-', 'ant@example.com'],
    "Error: Invalid value for '--delivery' / '-d': 'bogus' is not one of 'regular', 'mime', 'plain', 'summary', 'disabled'.",
  ],
])('syncmembers %j is refused: %s', (argv, problem) => {
  const outcome = mailman('syncmembers', ...argv);
  expect(outcome).toMatchObject({ status: 2, stdout: '' });
  expect(problemOf(outcome)).toBe(problem);
});

test.each([
  [[], 'joined to person, left to person'],
  [['-w', '-G'], 'joined to person'],
  [['-W', '-g'], 'left to person'],
  [['-W', '-G', '-a'], 'joined to owners, left to owners'],
  [['-W', '-G', '-A'], ''],
])('%j has these told: %s', (options, expected) => {
  sync(['old@example.com']);
  takeQueued(server);
  expect(sync(['new@example.com'], ...options).status).toBe(0);
  const told = takeQueued(server).map(({ metadata: { announcement } }) => {
    const { change, to_person, to_owners } = announcement ?? {};
    return [change, to_person && 'to person', to_owners && 'to owners'].filter(Boolean).join(' ');
  });
  expect(told.sort().join(', ')).toBe(expected);
});
