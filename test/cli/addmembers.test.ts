import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { install, makeList, problemOf } from '../support/mailman.ts';
import { takeQueued } from '../support/queue.ts';

const server = install();
const { mailman, mailmanReading } = server;

const silent = { status: 0, stdout: '', stderr: '' };

test('every way to write a member is understood', () => {
  makeList(server, 'ant@example.com');
  const file = server.file(
    'people.txt',
    [
      '\ufeff# the people',
      'a@example.com',
      '',
      'Bob Person <Bob@Example.com>',
      '   ',
      'c@example.com (Carl Person)',
      '"Last, First" <lf@example.com>',
      '#gone@example.com',
      '  d@example.com  ',
      '',
    ].join('\r\n'),
  );
  expect(mailman('addmembers', file, 'ANT@example.com')).toEqual(silent);
  expect(mailman('members', 'ant@example.com').stdout).toBe(
    'a@example.com\nBob Person <Bob@Example.com>\nCarl Person <c@example.com>\nd@example.com\nLast, First <lf@example.com>\n',
  );
});

test('those who cannot be added are named, the others are added', async () => {
  makeList(server, 'bee@example.com', 'Bob Person <bob@example.com>');
  await server.ban('bee.example.com', 'banned@example.com');
  await server.ban(null, '^.*@spam\\.example$');
  const lines = [
    'not an address',
    'Bob Person <BOB@example.com>',
    'Banned <banned@example.com>',
    'x@spam.example',
    'bee@example.com',
    'new@example.com',
    'New <new@example.com>',
  ];
  expect(mailmanReading(lines.join('\n'), 'addmembers', '-', 'bee@example.com')).toEqual({
    status: 0,
    stdout: '',
    stderr: [
      'Cannot parse as valid email address (skipping): not an address',
      'Already subscribed (skipping): Bob Person <BOB@example.com>',
      'Membership is banned (skipping): banned@example.com',
      'Membership is banned (skipping): x@spam.example',
      'The address of the list itself (skipping): bee@example.com',
      'Already subscribed (skipping): New <new@example.com>',
      '',
    ].join('\n'),
  });
  expect(mailman('members', 'bee@example.com').stdout).toBe(
    'Bob Person <bob@example.com>\nnew@example.com\n',
  );
});

test('the outcome as JSON', () => {
  makeList(server, 'json@example.com', 'old@example.com');
  const { stdout } = mailmanReading(
    'N <new@example.com>\nold@example.com\nnonsense',
    'addmembers',
    '--json',
    '-',
    'json@example.com',
  );
  expect(JSON.parse(stdout)).toEqual({
    list_id: 'json.example.com',
    added: [{ email: 'new@example.com', display_name: 'N' }],
    skipped: [
      { email: 'old@example.com', display_name: '', reason: 'already' },
      { email: 'nonsense', display_name: '', reason: 'invalid' },
    ],
  });
});

test.each([
  ['regular', 'regular', 'enabled'],
  ['mime', 'mime_digests', 'enabled'],
  ['plain', 'plaintext_digests', 'enabled'],
  ['summary', 'summary_digests', 'enabled'],
  ['disabled', 'regular', 'by_moderator'],
])('delivery %s is %s, %s', (delivery, mode, status) => {
  const address = `${delivery}@example.com`;
  makeList(server, address);
  expect(mailmanReading('x@example.com', 'addmembers', '--delivery', delivery, '-', address)).toEqual(silent);
  expect(JSON.parse(mailman('members', '--json', address).stdout).members).toMatchObject([
    { delivery_mode: mode, delivery_status: status },
  ]);
});

test.each([
  [['-', 'nope@example.com'], 'Error: No such list: nope@example.com'],
  [['/x', 'ant@example.com'], "Error: Invalid value for 'FILENAME': '/x': No such file or directory"],
  [['/', 'ant@example.com'], "Error: Invalid value for 'FILENAME': '/': Is a directory"],
  [
    ['-d', 'bogus', '-', 'ant@example.com'],
    "Error: Invalid value for '--delivery' / '-d': 'bogus' is not one of 'regular', 'mime', 'plain', 'summary', 'disabled'.",
  ],
  [['-'], "Error: Missing argument 'LISTSPEC'."],
  [[], "Error: Missing argument 'FILENAME'."],
])('addmembers %j is refused: %s', (argv, problem) => {
  const outcome = mailman('addmembers', ...argv);
  expect(outcome).toMatchObject({ status: 2, stdout: '' });
  expect(problemOf(outcome)).toBe(problem);
});

test('a path that leads through a file is refused', () => {
  const file = server.file('plain.txt', 'x@example.com');
  expect(problemOf(mailman('addmembers', `${file}/x`, 'ant@example.com'))).toBe(
    `Error: Invalid value for 'FILENAME': '${file}/x': Not a directory`,
  );
});

test('a file that is not UTF-8 is refused with its line, and nobody is added', () => {
  makeList(server, 'latin@example.com');
  const file = server.file(
    'latin.txt',
    Buffer.from('first@example.com\nJos\xe9 <jose@example.com>\n', 'latin1'),
  );
  const { status, stderr } = mailman('addmembers', file, 'latin@example.com');
  expect(status).toBe(1);
  expect(stderr).toMatch(/^[^\n]*latin\.txt, line 2: not UTF-8[^\n]*\n$/);
  expect(mailman('members', '-c', 'latin@example.com').stdout).toBe('0\n');
});

test('those who are invited get a mail and are no members yet', () => {
  makeList(server, 'inv@example.com', 'old@example.com');
  takeQueued(server);
  const invite = () =>
    mailmanReading('Xaver <x@example.com>\nold@example.com', 'addmembers', '-i', '-', 'inv@example.com');
  const already = 'Already subscribed (skipping): old@example.com\n';
  expect(invite()).toEqual({ ...silent, stderr: already });
  const [mail, ...others] = takeQueued(server);
  expect(others).toEqual([]);
  expect(mail).toMatchObject({ queue: 'command', metadata: { announcement: { change: 'invited' } } });
  expect(mail?.message.root.body.toString()).toContain('"address":"x@example.com"');
  expect(mailman('members', 'inv@example.com').stdout).toBe('old@example.com\n');
  expect(invite().stderr).toBe(`Subscription already pending (skipping): x@example.com\n${already}`);
  expect(takeQueued(server)).toEqual([]);
});

test.each([
  [['-w'], true],
  [['-W'], false],
  [[], true],
])('with %j members are welcomed: %s', (options, welcomed) => {
  const list = `welcome${options[0]?.charCodeAt(1) ?? ''}@example.com`;
  makeList(server, list);
  takeQueued(server);
  expect(mailmanReading('Zoë <x@example.com>', 'addmembers', ...options, '-', list)).toEqual(silent);
  const queued = takeQueued(server);
  expect(queued.map(({ queue, metadata }) => [queue, metadata.announcement])).toEqual(
    welcomed ? [['command', { change: 'joined', to_person: true, to_owners: false }]] : [],
  );
  expect(readFileSync(join(server.folder, 'var/logs/mailman.log'), 'utf8')).toMatch(
    new RegExp(
      `^\\w{3} \\d\\d [\\d:]{8} \\d{4} \\(\\d+\\) ${list}: new Zoë <x@example.com>, mailman addmembers$`,
      'm',
    ),
  );
});

test('ten thousand are added soon, with a welcome for each', () => {
  makeList(server, 'crowd@example.com');
  takeQueued(server);
  const people = Array.from({ length: 10_000 }, (_, index) => `Person ${index} <p${index}@example.com>`);
  const start = performance.now();
  expect(mailmanReading(people.join('\n'), 'addmembers', '-', 'crowd@example.com')).toEqual(silent);
  // On a machine that does nothing else it takes less than a second.
  expect(performance.now() - start).toBeLessThan(20_000);
  const lines = takeQueued(server).flatMap(({ message }) =>
    message.root.body.toString().trim().split('\r\n'),
  );
  expect(lines).toHaveLength(10_000);
});

test('international addresses and names', () => {
  makeList(server, 'welt@bücher.example', 'Jürgen Groß <jürgen@bücher.example>', '用户 <用户@例え.jp>');
  expect(mailman('members', 'welt@bücher.example').stdout).toBe(
    'Jürgen Groß <jürgen@bücher.example>\n用户 <用户@例え.jp>\n',
  );
  expect(
    mailmanReading('JÜRGEN@xn--bcher-kva.example', 'addmembers', '-', 'welt@bücher.example').stderr,
  ).toBe('Already subscribed (skipping): JÜRGEN@xn--bcher-kva.example\n');
});

test('an endless line is not echoed in full', () => {
  const { stderr } = mailmanReading('x'.repeat(100_000), 'addmembers', '-', 'ant@example.com');
  expect(stderr).toMatch(/^Cannot parse as valid email address \(skipping\): x+…\n$/);
  expect(stderr.length).toBeLessThan(400);
});

test('a line cannot drive the terminal', () => {
  const { stderr } = mailmanReading('\x1b]0;owned\x07', 'addmembers', '-', 'ant@example.com');
  expect(stderr).toBe('Cannot parse as valid email address (skipping): \\x1b]0;owned\\x07\n');
});

test('ten thousand members at once, and again', () => {
  makeList(server, 'big@example.com');
  const lines = Array.from({ length: 10_000 }, (_, index) => `Person ${index} <p${index}@example.com>`);
  const file = server.file('crowd.txt', lines.join('\n'));
  const start = performance.now();
  expect(mailman('addmembers', file, 'big@example.com')).toEqual(silent);
  expect(performance.now() - start).toBeLessThan(20_000);
  expect(mailman('members', '-c', 'big@example.com').stdout).toBe('10000\n');
  const again = mailman('addmembers', file, 'big@example.com');
  expect(again.stderr.split('\n')).toHaveLength(10_001);
  expect(mailman('members', '-c', 'big@example.com').stdout).toBe('10000\n');
});

test('all or nothing: a command that fails half way leaves no member', () => {
  makeList(server, 'half@example.com');
  server.sql(
    "CREATE TRIGGER refuse BEFORE INSERT ON member WHEN NEW.email = 'last@example.com' BEGIN SELECT RAISE(ABORT, 'no'); END",
  );
  const { status, stderr } = mailmanReading(
    'a@example.com\nlast@example.com',
    'addmembers',
    '-',
    'half@example.com',
  );
  server.sql('DROP TRIGGER refuse');
  expect(status).toBe(1);
  expect(stderr).toMatch(/^[^\n]+\n$/);
  expect(mailman('members', '-c', 'half@example.com').stdout).toBe('0\n');
  expect(mailman('findmember', '^a@').stdout).not.toContain('half');
});

test('commands that run at the same time take turns', () => {
  makeList(server, 'busy@example.com');
  const { stdout, stderr } = server.shell(
    `for run in 1 2 3 4; do
      (seq 1 500 | sed "s/$/-$run@example.com/" | $mailman addmembers - busy@example.com || echo failed) &
    done
    wait
    $mailman members -c busy@example.com`,
  );
  expect({ stdout, stderr }).toEqual({ stdout: '2000\n', stderr: '' });
});
