import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { sampleMessage } from '../migrate/archive/archive.ts';
import { install } from '../support/mailman.ts';
import { expectedArchive, oldArchives } from '../support/old-archives.ts';

const LIST = 'ant@example.com';

function installed() {
  const server = install();
  expect(server.mailman('create', '-q', LIST).status).toBe(0);
  return server;
}

function mboxOf(count: number): string {
  return Array.from({ length: count }, (_, number) => sampleMessage(number)).join('');
}

describe('mailman archive import', () => {
  it('brings an mbox and the tree in its place beside it', () => {
    const { mailman } = installed();
    const outcome = mailman(
      ...['archive', 'import', LIST, oldArchives().mbox('plain'), '--time-zone', 'Europe/Berlin', '--json'],
    );
    expect(outcome).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(outcome.stdout)).toMatchObject({
      list: 'ant.example.com',
      dry_run: false,
      messages: 34,
      added: 34,
      repaired: 2,
      repaired_at: [{ offset: 8126 }, { offset: 13_099 }],
      set_aside: 0,
      old_links: {
        pages: 34,
        mapped: 34,
        files: expectedArchive('plain').archive.pipermail.attachments.length,
      },
    });
  });

  it('does not look for a tree where it is told not to', () => {
    const { mailman } = installed();
    const mbox = oldArchives().mbox('help-request');
    const { stdout } = mailman('archive', 'import', LIST, mbox, '--no-pipermail', '--json');
    expect(JSON.parse(stdout)).not.toHaveProperty('old_links');
  });

  it('writes every place that it repaired or set aside into a file', () => {
    const { mailman, file } = installed();
    const nameless = Array.from(
      { length: 250 },
      () => 'From a@example.com Mon Jan  1 10:00:00 2024\nSubject: Hi\n\nHi\n\n',
    );
    const mbox = file('a.mbox', `junk\n${nameless.join('')}`);
    const [entry = ''] = nameless;
    const offsets = nameless.map((_, at) => 'junk\n'.length + at * entry.length);
    const findings = `${mbox}.findings`;
    const lines = () =>
      readFileSync(findings, 'utf8')
        .trimEnd()
        .split('\n')
        .map(
          (line) =>
            JSON.parse(line) as { readonly kind: string; readonly offset: number; readonly what: string },
        );
    const { stdout } = mailman('archive', 'import', LIST, mbox, '--findings', findings, '--json');
    // Each has neither Message-ID nor Date.
    expect(JSON.parse(stdout)).toMatchObject({ repaired: 500, set_aside: 1 });
    const unnamed = lines().filter(({ what }) => what.startsWith('no Message-ID'));
    expect(unnamed.map(({ offset }) => offset)).toEqual(offsets);
    expect(lines()).toHaveLength(501);
    expect(lines()[0]).toMatchObject({ kind: 'set_aside', offset: 0 });

    expect(mailman('archive', 'import', LIST, mbox, '--findings', findings).status).toBe(0);
    expect(lines()).toHaveLength(501);
    const impossible = mailman('archive', 'import', LIST, mbox, '--findings', `${mbox}/no`);
    expect(impossible.status).not.toBe(0);
    expect(impossible.stderr).toContain(`Could not write to file '${mbox}/no'`);
  });

  it('says what it did, in words', () => {
    const { mailman, file } = installed();
    const mbox = file('a.mbox', `junk\n${mboxOf(3)}`);
    const { stdout } = mailman('archive', 'import', LIST, mbox);
    expect(stdout.split('\n')).toEqual(
      expect.arrayContaining([
        `ant.example.com: 3 messages imported from ${mbox}`,
        '  threads       3 in the archive of the list',
        '  set aside     1',
        '    byte 0: 5 bytes before the first message, kept with it',
      ]),
    );
    expect(mailman('archive', 'export', LIST).stdout).toBe(`junk\n${mboxOf(3)}`);
  });

  it('reads standard input, and files that gzip has packed', () => {
    const { mailman, mailmanReading, file } = installed();
    expect(mailmanReading(mboxOf(3), 'archive', 'import', LIST, '-').stdout).toContain('3 messages imported');
    const packed = file('a.mbox.gz', gzipSync(mboxOf(5)));
    expect(mailman('archive', 'import', LIST, packed).stdout).toContain('2 messages imported');
    expect(mailmanReading(mboxOf(5), 'archive', 'import', LIST, '-').stdout).toContain('0 messages imported');
    expect(mailman('archive', 'export', LIST).stdout).toBe(mboxOf(5));
  });

  it('writes nothing in a dry run', () => {
    const { mailman, file } = installed();
    const outcome = mailman('archive', 'import', LIST, file('a.mbox', mboxOf(3)), '--dry-run');
    expect(outcome.stdout).toContain('3 messages would be imported');
    expect(mailman('archive', 'stats', '--json').stdout).toContain('"messages": 0');
  });

  it('leaves out what is older than --since', () => {
    const { mailman, file } = installed();
    const mbox = file('a.mbox', mboxOf(30));
    // One message an hour from 2003-03-04T10:11:12 on: the first 14 are of that day.
    const { stdout } = mailman('archive', 'import', LIST, mbox, '--since', '2003-03-05', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ messages: 30, added: 16, left_out: 14 });
    expect(mailman('archive', 'import', LIST, mbox).stdout).toContain('14 messages imported');
  });

  it.each([
    ['a file that is not there', '/nowhere/a.mbox', /^\/nowhere\/a\.mbox: ENOENT/],
    ['a folder', '/', /^\/: this is a folder/],
    ['something else', process.execPath, /^ant\.example\.com: .*, byte 0: not an mbox: expected .*, found /],
  ])('refuses %s in one line', (_, path, message) => {
    const { status, stdout, stderr } = installed().mailman('archive', 'import', LIST, path);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it.each([[['--since', 'yesterday']], [['--since', '2003-99-99']], [['--first-number', '-3']]])(
    'refuses %s',
    (options) => {
      const { mailman, file } = installed();
      const { status, stderr } = mailman('archive', 'import', LIST, file('a.mbox', ''), ...options);
      expect(status).toBe(2);
      expect(stderr).toContain(`Invalid value for '${options[0]}'`);
    },
  );

  it('refuses a list that is not there, a folder that is no archive, and an unknown zone', () => {
    const { mailman, file, folder } = installed();
    const mbox = file('a.mbox', mboxOf(1));
    expect(mailman('archive', 'import', 'bee@example.com', mbox)).toMatchObject({ status: 2 });
    const tree = mailman('archive', 'import', LIST, mbox, '--pipermail', folder);
    expect(tree).toMatchObject({ status: 1, stderr: expect.stringContaining('not an archive of pipermail') });
    const zone = mailman('archive', 'import', LIST, mbox, '--time-zone', 'Mars/Olympus');
    expect(zone).toMatchObject({ status: 1, stderr: expect.stringContaining('No such time zone') });
  });
});

describe('the other archive commands', () => {
  it('export a file that is equal', () => {
    const { mailman, folder } = installed();
    const mbox = oldArchives().mbox('talk-archive');
    mailman('archive', 'import', LIST, mbox);
    const copy = join(folder, 'copy.mbox');
    expect(mailman('archive', 'export', LIST, copy)).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(copy).equals(readFileSync(mbox))).toBe(true);
    expect(mailman('archive', 'rebuild', LIST).stdout).toMatch(
      /^ant\.example\.com: 560 messages in \d+ threads\n$/,
    );
    mailman('archive', 'export', LIST, copy);
    expect(readFileSync(copy).equals(readFileSync(mbox))).toBe(true);
  });

  it('export a month', () => {
    const { mailman, file } = installed();
    mailman('archive', 'import', LIST, file('a.mbox', sampleMessage(0) + sampleMessage(24 * 60)));
    expect(mailman('archive', 'export', LIST, '--month', '2003-05').stdout).toBe(sampleMessage(24 * 60));
    expect(mailman('archive', 'export', LIST, '--month', 'May').status).toBe(2);
  });

  it('move an archive to another list, also when the first is gone', () => {
    const { mailman, file } = installed();
    mailman('archive', 'import', LIST, file('a.mbox', mboxOf(3)));
    mailman('remove', LIST);
    mailman('create', '-q', 'bee@example.com');
    const moved = mailman('archive', 'move', LIST, 'bee@example.com');
    expect(moved.stdout).toBe('Moved 3 messages from ant.example.com to bee.example.com\n');
    expect(mailman('archive', 'export', 'bee@example.com').stdout).toBe(mboxOf(3));
    expect(mailman('archive', 'export', LIST)).toMatchObject({ status: 2 });
  });

  it('delete an archive when they are told twice, after which it can come again', () => {
    const { mailman, file } = installed();
    const mbox = file('a.mbox', mboxOf(3));
    mailman('archive', 'import', LIST, mbox);
    expect(mailman('archive', 'delete', LIST)).toMatchObject({ status: 2 });
    expect(mailman('archive', 'delete', LIST, '--yes').stdout).toContain('3 messages');
    expect(mailman('archive', 'export', LIST)).toMatchObject({ status: 2, stdout: '' });
    expect(mailman('archive', 'import', LIST, mbox).stdout).toContain('3 messages imported');
  });

  it('count', () => {
    const { mailman, file } = installed();
    mailman('archive', 'import', LIST, file('a.mbox', mboxOf(8)));
    const { lists, total } = JSON.parse(mailman('archive', 'stats', '--json').stdout);
    expect(lists).toMatchObject([
      { list_id: 'ant.example.com', messages: 8, source_size: mboxOf(8).length, first: '2003-03-04' },
    ]);
    expect(total).toMatchObject({ lists: 1, messages: 8, old_paths: 8, old_files: 0 });
  });

  it('are explained', () => {
    const { mailman } = install();
    expect(mailman('archive', '-h').stdout).toMatch(/import .*export .*rebuild .*delete .*move .*stats /s);
    expect(mailman('archive')).toMatchObject({ status: 2 });
  });
});
