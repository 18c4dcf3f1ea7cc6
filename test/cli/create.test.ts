import { expect, test } from 'vitest';
import { install, problemOf, succeed } from '../support/mailman.ts';
import { takeQueued } from '../support/queue.ts';

const server = install();
const { mailman } = server;

test('a list is created, its name in lower case', () => {
  expect(mailman('create', 'Dog@Example.com')).toEqual({
    status: 0,
    stdout: 'Created mailing list: dog@example.com\n',
    stderr: '',
  });
  expect(mailman('lists', '-q').stdout).toBe('dog@example.com\n');
});

test('a list of the same address or List-Id exists once', () => {
  succeed(mailman('create', 'a.b@example.com'));
  const again = mailman('create', 'A.B@EXAMPLE.COM');
  expect(again.status).toBe(2);
  expect(problemOf(again)).toBe('Error: List already exists: a.b@example.com');
  expect(mailman('create', 'a@b.example.com').status).toBe(2);
});

test('owners are made where they are unknown', () => {
  succeed(mailman('create', '-o', 'Anne@example.com', '--owner', 'bart@example.com', 'owned@example.com'));
  expect(mailman('members', '-R', 'owner', 'owned@example.com').stdout).toBe(
    'Anne@example.com\nbart@example.com\n',
  );
});

test.each([
  [['foo'], 'Error: Illegal list name: foo'],
  [['b$e@example.com'], 'Error: Illegal list name: b$e@example.com'],
  [['a b@example.com'], 'Error: Illegal list name: a b@example.com'],
  [['../up@example.com'], 'Error: Illegal list name: ../up@example.com'],
  [['cat@exa mple.com'], 'Error: Illegal list name: cat@exa mple.com'],
  [['-D', 'cat@newdom.example'], 'Error: Undefined domain: newdom.example'],
  [['--no-domain', 'cat@newdom.example'], 'Error: Undefined domain: newdom.example'],
  [['--language', 'zz', 'cat@example.com'], 'Error: Invalid language code: zz'],
  [['-o', 'worse', '-o', 'bad', 'cat@example.com'], 'Error: Illegal owner addresses: bad, worse'],
  [['-o', 'cat@example.com', 'cat@example.com'], 'Error: Illegal owner addresses: cat@example.com'],
])('create %j is refused: %s', (argv, problem) => {
  const outcome = mailman('create', ...argv);
  expect(outcome).toMatchObject({ status: 2, stdout: '' });
  expect(problemOf(outcome)).toBe(problem);
});

test('nothing is left of a list that was refused', () => {
  mailman('create', '-o', 'bad', 'half@half.example');
  expect(mailman('create', '-D', 'half@half.example').stderr).toContain('Undefined domain: half.example');
});

test('the domain is created unless told not to', () => {
  succeed(mailman('create', '-d', 'one@second.example'));
  succeed(mailman('create', '-D', 'two@second.example'));
});

test('a language can be chosen', () => {
  const { stdout } = mailman('create', '--language', 'de', '--json', 'rundbrief@example.com');
  expect(JSON.parse(stdout)).toEqual({
    list_id: 'rundbrief.example.com',
    fqdn_listname: 'rundbrief@example.com',
    preferred_language: 'de',
    owners: [],
  });
});

test('quiet is quiet', () => {
  expect(mailman('create', '-q', 'quiet@example.com')).toEqual({ status: 0, stdout: '', stderr: '' });
});

test('-n tells each owner', () => {
  const owners = ['-o', 'anne@example.com', '-o', 'bart@example.com'];
  expect(mailman('create', '-n', ...owners, 'told@example.com')).toEqual({
    status: 0,
    stdout: 'Created mailing list: told@example.com\n',
    stderr: '',
  });
  const queued = takeQueued(server);
  expect(queued.map(({ queue, metadata }) => [queue, metadata.recipients])).toEqual([
    ['virgin', ['anne@example.com']],
    ['virgin', ['bart@example.com']],
  ]);
  for (const { message } of queued)
    expect(message.headers.get('Subject')).toBe('Your new mailing list: told@example.com');
});

test.each(['-N', '-no-notify', '--no-notify'])('%s asks for no notice', (option) => {
  expect(mailman('create', option, `silent${option}@example.com`)).toMatchObject({ status: 0, stderr: '' });
});

test('names that Mailman 2.1 allows are allowed', () => {
  expect(mailman('create', 'c++-users@example.com').stdout).toBe(
    'Created mailing list: c++-users@example.com\n',
  );
});

test('unless the administrator says what names may consist of', () => {
  const strict = install('listname_chars: [-_.0-9a-z]\n');
  expect(problemOf(strict.mailman('create', 'c++-users@example.com'))).toBe(
    'Error: Illegal list name: c++-users@example.com',
  );
});

test('an international domain is one domain in both of its spellings', () => {
  expect(mailman('create', 'liste@Bücher.example').stdout).toBe(
    'Created mailing list: liste@bücher.example\n',
  );
  expect(problemOf(mailman('create', 'liste@xn--bcher-kva.example'))).toBe(
    'Error: List already exists: liste@bücher.example',
  );
  expect(mailman('members', 'liste@xn--bcher-kva.example').status).toBe(0);
  expect(mailman('members', 'liste.xn--bcher-kva.example').status).toBe(0);
});
