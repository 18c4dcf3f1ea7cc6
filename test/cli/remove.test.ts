import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { install, makeList, problemOf, succeed } from '../support/mailman.ts';

const server = install();
const { mailman } = server;

test('a list goes with its members and its folder; its domain and the other lists stay', () => {
  makeList(server, 'cow@example.com', 'anne@example.com');
  makeList(server, 'ant@example.com', 'anne@example.com');
  const folder = join(server.folder, 'var/lists/cow.example.com');
  writeFileSync(join(folder, 'digest.mmdf'), '');
  expect(mailman('remove', 'COW@example.com')).toEqual({
    status: 0,
    stdout: 'Removed list: cow@example.com\n',
    stderr: '',
  });
  expect(existsSync(folder)).toBe(false);
  expect(mailman('lists', '-q').stdout).toBe('ant@example.com\n');
  succeed(mailman('create', '-D', 'cow@example.com'));
  expect(mailman('members', 'cow@example.com').stdout).toBe('cow.example.com has no members\n');
});

test('a list may be named by its List-Id, and quiet is quiet', () => {
  makeList(server, 'eel@example.com');
  expect(mailman('remove', '-q', 'eel.example.com')).toEqual({ status: 0, stdout: '', stderr: '' });
});

test('what was removed as JSON', () => {
  mailman('create', '-q', 'eel@example.com');
  expect(JSON.parse(mailman('remove', '--json', 'eel@example.com').stdout)).toEqual({
    list_id: 'eel.example.com',
    fqdn_listname: 'eel@example.com',
  });
});

test.each([[[]], [['-q']]])('a list that does not exist is wrong usage, %j', (options) => {
  const outcome = mailman('remove', ...options, 'nope@example.com');
  expect(outcome).toMatchObject({ status: 2, stdout: '' });
  expect(problemOf(outcome)).toBe('Error: No such list: nope@example.com');
});
