import { expect, test } from 'vitest';
import { install, makeList } from '../support/mailman.ts';

const server = install();
const { mailman } = server;

test('no lists', () => {
  expect(mailman('lists')).toEqual({ status: 0, stdout: 'No matching mailing lists found\n', stderr: '' });
  expect(mailman('lists', '-q')).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(mailman('lists', '--json').stdout).toBe('[]\n');
});

test('lists, sorted, filtered, with names', () => {
  for (const address of ['priv@example.com', 'bee@example.com', 'eel@example.org', 'ant@example.com']) {
    makeList(server, address);
  }
  expect(mailman('lists').stdout).toBe(
    '4 matching mailing lists found:\nant@example.com\nbee@example.com\neel@example.org\npriv@example.com\n',
  );
  expect(mailman('lists', '-q', '--names').stdout).toBe(
    'ant@example.com [Ant]\nbee@example.com [Bee]\neel@example.org [Eel]\npriv@example.com [Priv]\n',
  );
  expect(mailman('lists', '-n', '-N', '-q', '-d', '-D', '--domain', 'EXAMPLE.org').stdout).toBe(
    'eel@example.org\n',
  );
  expect(mailman('lists', '--domain', 'example.org').stdout).toBe(
    '1 matching mailing lists found:\neel@example.org\n',
  );
  expect(mailman('lists', '-q', '--domain', 'example.org', '--domain', 'example.com').stdout).toMatch(
    /^(\S+\n){4}$/,
  );
  expect(mailman('lists', '--domain', 'nowhere.example').stdout).toBe('No matching mailing lists found\n');
  expect(mailman('lists', '-a', '-q').stdout).toMatch(/^(\S+\n){4}$/);
});

test('lists as JSON', () => {
  const lists = JSON.parse(mailman('lists', '--json', '--domain', 'example.org').stdout);
  expect(lists).toEqual([
    {
      list_id: 'eel.example.org',
      fqdn_listname: 'eel@example.org',
      mail_host: 'example.org',
      display_name: 'Eel',
      description: '',
      advertised: true,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    },
  ]);
});

test('lists that are not advertised', () => {
  const announced = install('[styles]\ndefault: private-default\n');
  makeList(announced, 'secret@example.com');
  expect(announced.mailman('lists', '-a').stdout).toBe('No matching mailing lists found\n');
  expect(announced.mailman('lists', '-q').stdout).toBe('secret@example.com\n');
});

test('descriptions stand in a column, without blanks at the end of a line', () => {
  const described = install();
  makeList(described, 'ant@example.com');
  makeList(described, 'elephants@example.com');
  described.sql(
    "UPDATE mailing_list SET settings = json_set(settings, '$.description', 'About ants') WHERE list_name = 'ant'",
  );
  expect(described.mailman('lists', '-q', '-d').stdout).toBe(
    'ant@example.com       - About ants\nelephants@example.com\n',
  );
  expect(described.mailman('lists', '-q', '-d', '-n').stdout).toBe(
    'ant@example.com [Ant]             - About ants\nelephants@example.com [Elephants]\n',
  );
});
