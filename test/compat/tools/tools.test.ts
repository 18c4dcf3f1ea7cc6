import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { tools } from '../../../compat/tools/index.ts';
import { type ExpectedMember, expectedLists } from '../../migrate/import21/site.ts';
import { install, makeList, succeed } from '../../support/mailman.ts';

const server = install();
const { mailman, mailmanReading } = server;
const old = (...argv: string[]) => mailman('legacy', ...argv);
const oldReading = (input: string, ...argv: string[]) => mailmanReading(input, 'legacy', ...argv);
const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../fixtures/mailman21/lists/${name}/config.pck`, import.meta.url));

beforeAll(() => {
  succeed(mailman('import21', '--create', 'plain@lists.example.com', fixture('plain')));
  succeed(mailman('import21', '--create', 'members-lab@lists.example.com', fixture('members-lab')));
  makeList(server, 'ant@lists.example.com', 'Zoe <Zoe@Example.com>', 'anne@example.com');
  succeed(oldReading(`description = '${'d'.repeat(100)}'`, 'config_list', '-i', '-', 'ant'));
  makeList(server, 'both@lists.example.com');
  makeList(server, 'both@lists.example.org');
});

describe('list_lists', () => {
  test('shows names to the right and descriptions behind', () => {
    const { stdout } = old('list_lists');
    const lines = stdout.split('\n');
    expect(lines[0]).toBe('5 matching mailing lists found:');
    expect(lines).toContain(
      `    ${'Plain'.padStart('both@lists.example.com'.length)} - [no description available]`,
    );
    // Name and description have 77 columns together (mailman21.md 6.1).
    const longest = 'both@lists.example.com'.length;
    expect(lines).toContain(`    ${'Ant'.padStart(longest)} - ${'d'.repeat(77 - longest)}`);
  });

  test('shows names alone, by address where two domains have the same', () => {
    expect(old('list_lists', '--bare').stdout).toBe(
      'ant\nboth@lists.example.com\nboth@lists.example.org\nmembers-lab\nplain\n',
    );
  });

  test('picks by the host of the web pages', () => {
    expect(old('list_lists', '-b', '-V', 'lists.example.com').stdout).toBe('members-lab\nplain\n');
    expect(old('list_lists', '-bVnowhere.example').stdout).toBe('');
    expect(old('list_lists', '-V', 'nowhere.example')).toEqual({
      status: 0,
      stdout: 'No matching mailing lists found\n',
      stderr: '',
    });
  });
});

describe('list_members', () => {
  test('shows keys, or addresses as given, with names', () => {
    expect(old('list_members', 'ant').stdout).toBe('anne@example.com\nzoe@example.com\n');
    expect(old('list_members', '-p', '--fullnames', 'ant').stdout).toBe(
      'anne@example.com\nZoe <Zoe@Example.com>\n',
    );
  });

  test('shows regular members, then those with digests', () => {
    // README of the recorded site and EXPECTED.json: one member of plain gets digests.
    const all = old('list_members', 'plain').stdout.trim().split('\n');
    expect(all.at(-1)).toBe('digester@example.com');
    expect(old('list_members', '--digest', 'plain').stdout.trim()).toBe('digester@example.com');
    expect(old('list_members', '--regular', 'plain').stdout.trim().split('\n')).toEqual(all.slice(0, -1));
  });

  const members = expectedLists.get('members-lab')?.members ?? [];
  test.each<[string[], (member: ExpectedMember) => boolean]>([
    [['-r'], ({ mode }) => mode === 'regular'],
    [['--digest=mime'], ({ mode }) => mode === 'mime digest'],
    [['-d', 'plain'], ({ mode }) => mode === 'plain digest'],
    [['-n'], ({ status }) => status !== 'ENABLED'],
    [['-n', 'byuser'], ({ status }) => status === 'BYUSER'],
    [['--nomail=byadmin'], ({ status }) => status === 'BYADMIN'],
    [['-n', 'bybounce'], ({ status }) => status === 'BYBOUNCE'],
    [['-n', 'unknown'], ({ status }) => status === 'UNKNOWN'],
    [['--nomail=enabled', '-r'], ({ status, mode }) => status === 'ENABLED' && mode === 'regular'],
    [['-m'], ({ moderated }) => moderated],
    [['--non-moderated'], ({ moderated }) => !moderated],
    [['-u'], () => false],
  ])('%s picks whom Mailman 2.1 had so', (options, isMeant) => {
    const shown = old('list_members', ...options, 'members-lab')
      .stdout.split('\n')
      .slice(0, -1);
    const isSortedTogether = options.some((option) => /^-[imuM]$|moderated/.test(option));
    const rank = ({ mode }: ExpectedMember): string => (isSortedTogether || mode === 'regular' ? '0' : '1');
    const meant = members.filter(isMeant);
    const sortKey = (member: ExpectedMember): string => `${rank(member)} ${member.key}`;
    meant.sort((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1));
    expect(shown).toEqual(meant.map(({ key }) => key));
  });

  test('writes into a file', () => {
    const file = join(server.folder, 'members');
    expect(old('list_members', '-o', file, 'ant')).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(readFileSync(file, 'utf8')).toBe('anne@example.com\nzoe@example.com\n');
  });

  test('ends as in Mailman 2.1', () => {
    expect(old('list_members', 'nosuch')).toEqual({
      status: 1,
      stdout: '',
      stderr: 'No such list: nosuch\n',
    });
    expect(old('list_members').status).toBe(0);
    expect(old('list_members', '--bogus', 'ant').status).toBe(1);
    expect(old('list_members', 'both')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('several'),
    });
    expect(old('list_members', 'both@lists.example.org').status).toBe(0);
  });
});

describe('owners', () => {
  test('are listed, by list if wanted', () => {
    expect(old('list_owners', 'plain').stdout).toBe('paula.owner@example.com\n');
    expect(old('list_owners', '-w', 'plain').stdout).toBe('plain\n\tpaula.owner@example.com\n');
    expect(old('list_admins', 'plain', 'nosuch')).toEqual({
      status: 0,
      stdout: 'List: plain, \tOwners: paula.owner@example.com\nNo such list: nosuch\n',
      stderr: '',
    });
  });

  test('and members are found by regular expression', () => {
    expect(old('find_member', '-w', '^PAULA').stdout).toBe(
      'paula.owner@example.com found in:\n     plain (as owner)\n',
    );
    expect(old('find_member', '-l', 'ant', '^z').stdout).toBe('zoe@example.com found in:\n     ant\n');
    expect(old('find_member', 'nobody-at-all')).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(old('find_member').status).toBe(1);
  });
});

describe('members', () => {
  test('are added and removed with the lines that scripts know', async () => {
    makeList(server, 'crew@lists.example.com', 'old@example.com');
    await server.ban('crew.lists.example.com', '^.*@spam.example');
    const file = 'New One <new@example.com>\n\nold@example.com\nbad\nx@spam.example\ntwo words@example.com\n';
    expect(oldReading(file, 'add_members', '-r', '-', '-w', 'n', '-a', 'n', 'crew')).toEqual({
      status: 0,
      stdout: [
        'Subscribed: New One <new@example.com>',
        'Bad/Invalid email address: blank line',
        'Already a member: old@example.com',
        'Bad/Invalid email address: bad',
        'x@spam.example: Banned address (matched ^.*@spam.example)',
        'Hostile address (illegal characters): two words@example.com',
        '',
      ].join('\n'),
      stderr: '',
    });
    expect(oldReading('d@example.com', 'add_members', '-d', '-', '-n', 'crew').stdout).toBe(
      'Subscribed: d@example.com\n',
    );
    expect(old('list_members', '-d', '-n', 'byadmin', 'crew').stdout).toBe('d@example.com\n');
    expect(old('remove_members', '-n', '-N', 'crew', 'd@example.com', 'nobody@example.com')).toEqual({
      status: 0,
      stdout: 'No such member: nobody@example.com\n',
      stderr: '',
    });
    expect(old('remove_members', '--fromall', 'new@example.com').stdout).toBe(
      "User `new@example.com' removed from list: crew.\n",
    );
    expect(old('remove_members', 'nosuch', 'a@example.com')).toMatchObject({
      status: 0,
      stdout: 'Error opening list nosuch... skipping.\n',
    });
    expect(old('add_members', '-r', '-', 'nosuch').status).toBe(0);
    expect(oldReading('a@example.com', 'add_members', '-r', '-', 'nosuch').status).toBe(1);
  });

  test('are made those of a file', () => {
    makeList(server, 'sync@lists.example.com', 'gone@example.com', 'stays@example.com');
    const file = '# people\nstays@example.com\nNew <new@example.com>\n';
    const dry = oldReading(file, 'sync_members', '-n', '-f', '-', 'sync').stdout;
    expect(dry).toBe(
      [
        'Dry run mode',
        `Ignore  : ${'# people'.padStart(30)}`,
        'Added  : New <new@example.com>',
        'Removed: gone@example.com',
        '',
      ].join('\n'),
    );
    expect(oldReading(file, 'sync_members', '-w=no', '--goodbye-msg=no', '-f', '-', 'sync').status).toBe(0);
    expect(old('list_members', 'sync').stdout).toBe('new@example.com\nstays@example.com\n');
    expect(oldReading(file.slice(9), 'sync_members', '-f', '-', 'sync').stdout).toBe('Nothing to do.\n');
    const invalid = oldReading('bad\n', 'sync_members', '-f', '-', 'sync');
    expect(invalid).toMatchObject({ status: 1 });
    expect(invalid.stdout).toContain(`Invalid : ${'bad'.padStart(30)}\n`);
    expect(old('list_members', 'sync').stdout).toBe('new@example.com\nstays@example.com\n');
    expect(oldReading('a@example.com', 'sync_members', '-f', '-', 'nosuch')).toMatchObject({
      status: 1,
      stdout: 'No such list: nosuch\n',
    });
  });

  test('are only looked at where nothing is to be changed', () => {
    makeList(server, 'dry@lists.example.com', 'one@example.com');
    const before = old('list_members', 'dry').stdout;
    const said = oldReading(
      'two@example.com',
      'sync_members',
      '-n',
      '-w',
      '-g=no',
      '-d',
      '-a=no',
      '-f',
      '-',
      'dry',
    );
    expect(said).toEqual({
      status: 0,
      stdout: 'Dry run mode\nAdded  : two@example.com\nRemoved: one@example.com\n',
      stderr: '',
    });
    expect(old('clone_member', '-n', '-r', '-l', 'dry', 'one@example.com', 'three@example.com').stdout).toBe(
      'processing mailing list: dry\n    clone address added: three@example.com\n    original address removed: one@example.com\n',
    );
    expect(oldReading('x', 'sync_members', '-n', '-w=maybe', '-f', '-', 'dry').status).toBe(1);
    expect(old('list_members', 'dry').stdout).toBe(before);
    expect(old('find_member', '-x', 'dry', '^one@').stdout).toBe('');
    expect(old('find_member', '(')).toMatchObject({ status: 1, stdout: '' });
  });

  test('are invited', () => {
    makeList(server, 'guests@lists.example.com', 'old@example.com');
    const file = 'new@example.com\nold@example.com\n';
    expect(oldReading(file, 'add_members', '-i', '-r', '-', 'guests').stdout).toBe(
      'Invited: new@example.com\nAlready a member: old@example.com\n',
    );
    expect(old('list_members', 'guests').stdout).toBe('old@example.com\n');
    expect(oldReading('', 'add_members', '-r', '-', '-d', '-', 'guests').status).toBe(1);
    expect(oldReading(file, 'add_members', '-w', 'perhaps', '-r', '-', 'guests').status).toBe(1);
  });

  test('get other addresses', () => {
    expect(
      old('clone_member', '-l', 'plain', '-r', '-a', 'paula.owner@example.com', 'p2@example.com').stdout,
    ).toBe(
      [
        'processing mailing list: plain',
        '    scanning list owners: paula.owner@example.com',
        '    new list owners: p2@example.com',
        '    address not found: paula.owner@example.com',
        '',
      ].join('\n'),
    );
    expect(old('clone_member', '-l', 'ant', '-r', 'anne@example.com', 'ann@example.com').stdout).toBe(
      'processing mailing list: ant\n    clone address added: ann@example.com\n    original address removed: anne@example.com\n',
    );
    expect(old('list_members', 'ant').stdout).toBe('ann@example.com\nzoe@example.com\n');
    expect(old('clone_member', '-q', '-l', 'nosuch', 'a@x.org', 'b@x.org').stdout).toBe(
      'Error opening list "nosuch", skipping.\n',
    );
  });
});

describe('lists', () => {
  test('goes to the domain of the site list where none is named, as in Mailman 2.1', () => {
    expect(old('newlist', '-q', 'homeless', 'o@example.com', 'x').stderr).toMatch(
      /^There are several domains/,
    );
    makeList(server, 'mailman@lists.example.org');
    expect(old('newlist', '-q', 'homeless', 'o@example.com', 'x')).toMatchObject({ status: 0, stderr: '' });
    expect(mailman('lists', '-q').stdout).toContain('homeless@lists.example.org');
    for (const name of ['homeless', 'mailman']) succeed(mailman('remove', `${name}@lists.example.org`));
  });

  test('are made, get passwords, and are removed', () => {
    const made = old('newlist', '-q', '-e', 'lists.example.com', 'fresh', 'owner@example.com', 'secret');
    expect(made).toEqual({ status: 0, stdout: '', stderr: '' });
    const again = ['newlist', '-q', '-e', 'lists.example.com', 'fresh', 'owner@example.com', 'x'];
    expect(old(...again)).toMatchObject({ status: 1, stderr: 'List already exists: fresh\n' });
    expect(old('newlist', '-q', '-e', 'x.example', 'a b', 'owner@example.com', 'x').stderr).toBe(
      'Illegal list name: a b\n',
    );
    expect(old('newlist', '-q', '-l', 'xx', '-e', 'x.example', 'l', 'o@example.com', 'x').stderr).toBe(
      'Unknown language: xx\n',
    );
    expect(old('newlist', '-q', 'l', 'o@example.com', '').stderr).toBe('The list password cannot be empty\n');
    expect(old('newlist', '-q', 'l', 'nobody', 'x').stderr).toMatch(/^Bad owner email address: nobody/);
    expect(old('change_pw', '-l', 'fresh', '-p', 'neu').stdout).toBe('New fresh password: neu\n');
    expect(old('change_pw', '-d', 'Lists.Example.org').stdout).toMatch(
      /^New both@lists\.example\.org password: [a-z]{16}\n$/,
    );
    expect(old('change_pw', '-l', 'fresh', '-p', '').status).toBe(1);
    expect(old('change_pw')).toEqual({ status: 0, stdout: '', stderr: 'Nothing to do.\n' });
    expect(old('rmlist', 'fresh').stdout).toBe(
      'Not removing archives.  Reinvoke with -a to remove them.\nRemoving list info\n',
    );
    expect(old('rmlist', 'fresh')).toMatchObject({
      status: 1,
      stderr: 'No such list (or list already deleted): fresh\n',
    });
  });
});

describe('the server', () => {
  test('has a site password', () => {
    expect(old('mmsitepass', 'secret').stdout).toBe('Password changed.\n');
    const [row] = server.query('SELECT role, password FROM site_password');
    expect(row).toMatchObject({ role: 'admin', password: expect.stringMatching(/^\$argon2id\$/) });
    expect(oldReading('one\ntwo\n', 'mmsitepass', '-c').status).toBe(1);
  });

  test('takes messages into its queues, and shows them', () => {
    const file = server.file('post.eml', 'From: anne@example.com\nSubject: Injected\n\nHello\n');
    expect(old('inject', '-l', 'ant', file)).toEqual({ status: 0, stdout: '', stderr: '' });
    const id = mailman('queues', 'in').stdout.split(' ')[0] ?? '';
    expect(old('show_qfiles', id).stdout).toMatch(/^=+> .+\n(?:.*\n)*Subject: Injected/);
    expect(old('show_qfiles', '-q', id).stdout).not.toContain('===>');
    expect(old('inject', '-q', 'nowhere', '-l', 'ant', file)).toMatchObject({
      status: 1,
      stderr: 'Bad queue directory: nowhere\n',
    });
    expect(old('inject', file).stderr).toContain('A list name is required');
    expect(old('inject', '-l', 'nosuch', file)).toMatchObject({
      status: 1,
      stderr: 'No such list: nosuch\n',
    });
    expect(old('show_qfiles', join(server.folder, 'none')).status).toBe(1);
    expect(old('unshunt')).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(old('genaliases', '-q')).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('has its files in order', () => {
    expect(old('check_perms', '-f').status).toBe(0);
    expect(old('check_perms').stdout).toBe('No problems found\n');
  });
});

test('dumpdb shows pickles as Python does', () => {
  const { status, stdout } = old('dumpdb', fixture('plain'));
  expect(status).toBe(0);
  expect(stdout).toMatch(
    /^\[----- start pickle file -----\]\n<----- start object 1 ----->\n\{ {3}'accept_these/,
  );
  expect(stdout).toContain("    'bounce_score_threshold': 5.0,\n");
  expect(stdout).toMatch(/\n\[----- end pickle file -----\]\n$/);
  expect(old('dumpdb', server.file('x.txt', '')).status).toBe(1);
});

test('withlist says what to use instead', () => {
  expect(old('withlist', '-l', 'plain')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('REST'),
  });
});

test('all are there, explain themselves, and can be installed under their names', () => {
  const folder = join(server.folder, 'bin');
  const paths = succeed(old('--install', folder)).trim().split('\n');
  expect(paths).toEqual(tools.map(({ name }) => join(folder, name)));
  for (const { name } of tools.slice(0, 3)) expect(old(name, '-h').stdout).toContain(`Usage: ${name}`);
  expect(server.shell(`${folder}/list_members -p ant`).stdout).toContain('Zoe@Example.com\n');
  expect(statSync(join(folder, 'list_lists')).mode & 0o111).not.toBe(0);
  expect(old('--install', folder).status).toBe(0);
  server.file('bin/list_lists', '#!/bin/sh\n');
  expect(old('--install', folder)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('none of ours'),
  });
  expect(old('--install-wrapper', join(server.folder, 'mail')).stdout.trim()).toBe(
    join(server.folder, 'mail/mailman'),
  );
  expect(existsSync(join(server.folder, 'mail/mailman'))).toBe(true);
  expect(readFileSync(join(folder, 'list_lists'), 'utf8')).toBe('#!/bin/sh\n');
  expect(old('nosuchtool').status).toBe(2);
});
