import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { install, makeList } from '../support/mailman.ts';

const server = install();
const { mailman, shell } = server;

makeList(
  server,
  'ant@example.com',
  ...Array.from(
    { length: 10_000 },
    (_, index) => `A Person With A Name <person${String(index).padStart(5, '0')}@example.com>`,
  ),
);

test('a reader who has seen enough is no failure', () => {
  const outcome = shell(
    '{ $mailman members ant@example.com; echo $? >status; } | head -1; cat status; $mailman conf | true',
  );
  expect(outcome).toEqual({
    status: 0,
    stdout: 'A Person With A Name <person00000@example.com>\n0\n',
    stderr: '',
  });
});

test('a change is made although nobody reads about it', () => {
  makeList(server, 'bee@example.com', 'anne@example.com');
  expect(
    shell('$mailman syncmembers /dev/null bee@example.com | true; $mailman members -c bee@example.com')
      .stdout,
  ).toBe('0\n');
});

test('a slow reader gets everything', () => {
  const { stdout } = shell('$mailman members ant@example.com | (sleep 1; wc -l)');
  expect(stdout.trim()).toBe('10000');
});

test.runIf(existsSync('/dev/full'))('a full disk takes one line, exit status 1', () => {
  expect(shell('$mailman members ant@example.com >/dev/full')).toEqual({
    status: 1,
    stdout: '',
    stderr: 'Standard output cannot be written: No space left on device\n',
  });
  expect(mailman('members', '-o', '/dev/full', 'ant@example.com')).toEqual({
    status: 1,
    stdout: '',
    stderr: "Could not open file '/dev/full': No space left on device\n",
  });
});

test.each(['members', 'conf', 'info'])('%s -o a file that cannot be written takes one line', (name) => {
  const argument = name === 'members' ? ['ant@example.com'] : [];
  expect(mailman(name, '-o', '/nope/out', ...argument)).toEqual({
    status: 1,
    stdout: '',
    stderr: "Could not open file '/nope/out': No such file or directory\n",
  });
});

test('-o leaves nothing else behind, follows links and writes to devices', () => {
  const outcome = shell(
    'mkdir out && ln -s out/target link && echo old >out/target && $mailman info -o link && ls -A out && test -L link && $mailman info -o /dev/null',
  );
  expect(outcome).toEqual({ status: 0, stdout: 'target\n', stderr: '' });
  expect(readFileSync(`${server.folder}/out/target`, 'utf8')).toMatch(/^Ferryman /);
});

test('a wrong command leaves the file alone', () => {
  const file = server.file('precious.txt', 'precious');
  expect(mailman('members', '-o', file, 'nope@example.com').status).toBe(2);
  expect(readFileSync(file, 'utf8')).toBe('precious');
});
