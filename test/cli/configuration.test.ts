import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { install, problemOf } from '../support/mailman.ts';

const server = install('[webservice]\nport: 9825\nadmin_pass: geheim\n');
const { mailman } = server;

test('section and key give the bare value', () => {
  expect(mailman('conf', '-s', 'webservice', '-k', 'port')).toEqual({
    status: 0,
    stdout: '9825\n',
    stderr: '',
  });
});

test('a section gives its keys, sorted', () => {
  const lines = mailman('conf', '--section', 'webservice').stdout.trimEnd().split('\n');
  expect(lines).toContain('[webservice] admin_pass: geheim');
  expect(lines).toEqual([...lines].sort());
});

test('a key gives each section that has it, none is no failure', () => {
  const lines = mailman('conf', '-k', 'path').stdout.trimEnd().split('\n');
  expect(lines).toContain('[runner.in] path: $QUEUE_DIR/$name');
  expect(lines).toEqual([...lines].sort());
  expect(mailman('conf', '-k', 'nope')).toEqual({ status: 0, stdout: '', stderr: '' });
});

test('everything, values unexpanded', () => {
  const { stdout } = mailman('conf');
  expect(stdout).toContain('\n[webservice] port: 9825\n');
  expect(stdout).toContain('[database] url: sqlite:///$DATA_DIR/mailman.db\n');
});

test.each([
  [['-s', 'nope'], 'Error: No such section: nope'],
  [['-s', 'mta', '-k', 'nope'], 'Error: Section mta: No such key: nope'],
])('conf %j is refused: %s', (argv, problem) => {
  const outcome = mailman('conf', ...argv);
  expect(outcome).toMatchObject({ status: 2, stdout: '' });
  expect(problemOf(outcome)).toBe(problem);
});

test('the output can go to a file, or to standard output by name', () => {
  const file = join(server.folder, 'conf.txt');
  expect(mailman('conf', '-s', 'webservice', '-k', 'port', '-o', file)).toEqual({
    status: 0,
    stdout: '',
    stderr: '',
  });
  expect(readFileSync(file, 'utf8')).toBe('9825\n');
  expect(mailman('conf', '-s', 'webservice', '-k', 'port', '-o', '-').stdout).toBe('9825\n');
});

test('conf as JSON', () => {
  expect(JSON.parse(mailman('conf', '-s', 'webservice', '-k', 'port', '--json').stdout)).toEqual({
    webservice: { port: '9825' },
  });
  expect(JSON.parse(mailman('conf', '--json').stdout)).toMatchObject({
    webservice: { admin_pass: 'geheim' },
  });
});

test('info says what is installed where', () => {
  const { status, stdout } = mailman('info');
  expect(status).toBe(0);
  const lines = stdout.trimEnd().split('\n');
  expect(lines[0]).toMatch(/^Ferryman /);
  expect(lines[1]).toMatch(/^Node\.js v\d+/);
  expect(lines.slice(2)).toEqual([
    `config file: ${server.folder}/mailman.cfg`,
    `db url: sqlite:///${server.folder}/var/data/mailman.db`,
    'devmode: DISABLED',
    'REST root url: http://localhost:9825/3.1/',
    'REST credentials: restadmin:geheim',
  ]);
});

test('info -v shows the paths, and where -o says', () => {
  const names = [
    ...[
      'ARCHIVE_DIR',
      'BIN_DIR',
      'CACHE_DIR',
      'CFG_FILE',
      'DATA_DIR',
      'ETC_DIR',
      'LIST_DATA_DIR',
      'LOCK_DIR',
    ],
    ...['LOCK_FILE', 'LOG_DIR', 'MESSAGES_DIR', 'PID_FILE', 'QUEUE_DIR', 'TEMPLATE_DIR', 'VAR_DIR'],
  ];
  const { stdout } = mailman('info', '--verbose');
  const paths = stdout.split('File system paths:\n')[1]?.trimEnd().split('\n') ?? [];
  expect(paths.map((line) => line.slice(0, 31))).toEqual(
    names.map((name) => `    ${name.padEnd(24)} = `.slice(0, 31)),
  );
  expect(paths).toContain(`    VAR_DIR                  = ${server.folder}/var`);
  const file = join(server.folder, 'info.txt');
  expect(mailman('info', '-v', '-o', file).stdout).toBe('');
  expect(readFileSync(file, 'utf8')).toBe(stdout);
});

test('info hides the password of the database', () => {
  const remote = install('[database]\nurl: postgresql://mailman:verysecret@db.example.com/mailman\n');
  const { stdout } = remote.mailman('info');
  expect(stdout).toMatch(/^db url: postgresql:\/\/mailman:\*\*\*@db\.example\.com\/mailman$/m);
  expect(remote.mailman('info', '--json').stdout).not.toContain('verysecret');
});

test('info as JSON', () => {
  expect(JSON.parse(mailman('info', '--json').stdout)).toMatchObject({
    config_file: `${server.folder}/mailman.cfg`,
    devmode: false,
    rest_root_url: 'http://localhost:9825/3.1/',
    paths: { var_dir: `${server.folder}/var` },
  });
});

test('a file that is replaced keeps its mode', () => {
  const file = server.file('kept.txt', 'old');
  server.shell(`chmod 600 ${file}`);
  expect(mailman('info', '-o', file).status).toBe(0);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});
