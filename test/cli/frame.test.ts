import { join } from 'node:path';
import { expect, test } from 'vitest';
import { install, problemOf, runMailman } from '../support/mailman.ts';

const server = install();
const { mailman } = server;

test.each([[], ['help'], ['-h'], ['--help']])(
  'without a command or with %s the commands are shown',
  (...argv) => {
    const { status, stdout, stderr } = mailman(...argv);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: mailman \[OPTIONS\] COMMAND \[ARGS\]\.\.\.\n/);
    for (const name of ['addmembers', 'create', 'lists', 'members', 'remove', 'syncmembers']) {
      expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
    }
  },
);

test.each(['version', '--version'])('%s names the program and the Mailman it stands in for', (argument) => {
  const { status, stdout } = mailman(argument);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^Ferryman \d+\.\d+\.\d+ \(compatible with GNU Mailman 3\.3\.8\)\n$/);
});

test('version as JSON', () => {
  expect(JSON.parse(mailman('version', '--json').stdout)).toEqual({
    name: 'Ferryman',
    version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    mailman: '3.3.8',
  });
});

const names = [
  ...['addmembers', 'changeaddress', 'conf', 'create', 'delmembers', 'findmember', 'help', 'info', 'lists'],
  ...['members', 'remove', 'syncmembers', 'version'],
];

test.each(names)('%s explains itself', (name) => {
  const { status, stdout, stderr } = mailman(name, '-h');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(new RegExp(`^Usage: mailman ${name} \\[OPTIONS\\]`));
  expect(stdout).toContain('-h, --help');
  expect(mailman('help', name).stdout).toBe(stdout);
});

test('a command that does not exist is wrong usage', () => {
  expect(mailman('bogus')).toEqual({
    status: 2,
    stdout: '',
    stderr:
      "Usage: mailman [OPTIONS] COMMAND [ARGS]...\nTry 'mailman -h' for help.\n\nError: No such command 'bogus'.\n",
  });
  expect(problemOf(mailman('help', 'bogus'))).toBe("Error: No such command 'bogus'.");
});

test('wrong usage shows how the command is used', () => {
  expect(mailman('create')).toEqual({
    status: 2,
    stdout: '',
    stderr:
      "Usage: mailman create [OPTIONS] LISTNAME\nTry 'mailman create -h' for help.\n\nError: Missing argument 'LISTNAME'.\n",
  });
});

test.each([
  [['lists', '--bogus'], 'Error: No such option: --bogus'],
  [['--bogus'], 'Error: No such option: --bogus'],
  [['lists', 'one', 'two'], 'Error: Got unexpected extra arguments (one two)'],
  [['remove', 'one', 'two'], 'Error: Got unexpected extra argument (two)'],
  [['conf', '-s'], "Error: Option '-s' requires an argument."],
  [['-C'], "Error: Option '-C' requires an argument."],
])('%j is refused: %s', (argv, problem) => {
  const outcome = mailman(...argv);
  expect(outcome.status).toBe(2);
  expect(problemOf(outcome)).toBe(problem);
});

test('a configuration file that does not exist is wrong usage', () => {
  for (const outcome of [
    runMailman(['-C', '/nope', 'lists'], server.folder),
    runMailman(['-C', '/nope', 'version'], server.folder),
    runMailman(['--config=/nope', 'lists'], server.folder),
    runMailman(['lists'], server.folder, { MAILMAN_CONFIG_FILE: '/nope' }),
  ]) {
    expect(outcome.status).toBe(2);
    expect(problemOf(outcome)).toBe(
      "Error: Invalid value for '-C' / '--config': File '/nope' does not exist.",
    );
  }
});

test('the configuration file may come from the environment', () => {
  const file = join(server.folder, 'mailman.cfg');
  const { status, stdout } = runMailman(['info'], '/', { MAILMAN_CONFIG_FILE: file });
  expect(status).toBe(0);
  expect(stdout).toContain(`config file: ${file}\n`);
});

test('a mistake in the configuration is named with file, line and key, exit status 1', () => {
  const broken = install('[mta]\nsmtp_port: many\n');
  const { status, stderr } = broken.mailman('lists');
  expect(status).toBe(1);
  expect(stderr).toMatch(/^\S*mailman\.cfg:10: \[mta\] smtp_port: .*'many'/);
});

test('a database that cannot be opened takes one line', () => {
  const broken = install('[database]\nurl: sqlite:////nope/nowhere/mailman.db\n');
  const { status, stdout, stderr } = broken.mailman('lists');
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(
    /^\S+\/mailman\.cfg:10: \[database\] url: [^\n]*\/nope\/nowhere\/mailman\.db cannot be opened[^\n]*\n$/,
  );
});

test.runIf(process.getuid?.() === 0)('the superuser is warned off the files of somebody else', () => {
  const foreign = install();
  foreign.shell('mkdir var && chown 12345 var');
  const refused = foreign.mailman('lists');
  expect(refused.status).toBe(2);
  expect(problemOf(refused)).toContain('specify --run-as-root.');
  const looked = foreign.mailman('status');
  expect([looked.status, looked.stdout]).toEqual([0, 'GNU Mailman is not running\n']);
  expect(foreign.mailman('reopen')).toMatchObject({ status: 0, stdout: 'Reopening the Mailman runners\n' });
  expect(foreign.shell('ls var').stdout).toBe('');
  expect(foreign.mailman('--run-as-root', 'lists').status).toBe(0);
});
