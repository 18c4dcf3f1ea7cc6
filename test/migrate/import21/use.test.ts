import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readPickle } from '../../../migrate/pickle/reader.ts';
import { type PickleValue, PyBytes, PyDict, PyTuple } from '../../../migrate/pickle/values.ts';
import { writePickle } from '../../../migrate/pickle/writer.ts';
import { type Installation, install, MAILMAN, makeList, succeed } from '../../support/mailman.ts';
import { PYTHON3 } from '../pickle/judge.ts';
import { exportOf, fixture } from './site.ts';

const ANT = 'ant@example.com';

interface Report {
  readonly dry_run: boolean;
  readonly created: boolean;
  readonly settings_changed: readonly string[];
  readonly members: Readonly<Record<'added' | 'updated' | 'removed' | 'unchanged', number>>;
  readonly notes: readonly { readonly subject: string; readonly text: string }[];
}

let server: Installation;

beforeEach(() => {
  server = install();
});

function importJson(...argv: string[]): Report {
  return JSON.parse(succeed(server.mailman('import21', '--json', ...argv))) as Report;
}

/** All rows of the database but the times at which they were made. */
function rows(): string {
  const script = `import sqlite3, sys
for (table,) in sqlite3.connect(sys.argv[1]).execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall():
    for row in sqlite3.connect(sys.argv[1]).execute('SELECT * FROM "%s" ORDER BY 1, 2' % table): print(table, row)`;
  const path = join(server.folder, 'var', 'data', 'mailman.db');
  return spawnSync(PYTHON3, ['-c', script, path], { encoding: 'utf8', maxBuffer: 1 << 28 }).stdout;
}

function text(value: string): PyBytes {
  return PyBytes.utf8(value);
}

/** The settings of a list of the fixtures with some of them replaced, as a file. */
function changedConfig(list: string, changes: Readonly<Record<string, PickleValue>>): string {
  const config = readPickle(readFileSync(fixture(list)));
  if (!(config instanceof PyDict)) throw new Error('no dictionary');
  for (const [key, value] of Object.entries(changes)) config.set(text(key), value);
  return server.file('changed.pck', writePickle(config));
}

describe('where the list comes from', () => {
  it('is an existing list, by posting address or List-Id', () => {
    makeList(server, ANT);
    expect(importJson(ANT, fixture('plain')).members.added).toBe(13);
    expect(importJson('ant.example.com', fixture('plain')).members.unchanged).toBe(13);
  });

  it('is made with its domain by --create', () => {
    const report = importJson('--create', ANT, fixture('plain'));
    expect(report.created).toBe(true);
    expect(succeed(server.mailman('lists', '-q'))).toContain('ant');
  });
});

describe('a dry run', () => {
  it('reports what the import then reports, and leaves the database file as it was', () => {
    makeList(server, ANT, 'anne@example.com');
    const file = join(server.folder, 'var', 'data', 'mailman.db');
    const before = readFileSync(file);
    const rehearsed = importJson('--dry-run', ANT, fixture('announce'));
    expect(readFileSync(file).equals(before)).toBe(true);
    const real = importJson(ANT, fixture('announce'));
    expect(rehearsed).toEqual({ ...real, dry_run: true });
    expect(readFileSync(file).equals(before)).toBe(false);
  });

  it('says so, and makes no list', () => {
    const shown = succeed(server.mailman('import21', '--create', '--dry-run', ANT, fixture('plain')));
    expect(shown).toMatch(/^Would import ant@example\.com from /);
    expect(server.mailman('members', ANT).status).toBe(2);
  });
});

describe('a second import', () => {
  it.each(['announce', 'members-lab', 'nihongo-users', 'vereinsrundbrief', 'topics-digest'])(
    'of the same file of %s changes nothing',
    (name) => {
      importJson('--create', ANT, fixture(name));
      const before = rows();
      expect(before.length).toBeGreaterThan(1000);
      expect(succeed(server.mailman('import21', ANT, fixture(name)))).toMatch(/; nothing has changed\n/);
      expect(rows()).toBe(before);
    },
  );

  it('of a newer file brings the list up to date', () => {
    importJson('--create', ANT, fixture('announce'));
    const config = readPickle(readFileSync(fixture('announce')));
    if (!(config instanceof PyDict)) throw new Error('no dictionary');
    const members = config.get('digest_members');
    if (!(members instanceof PyDict)) throw new Error('no members');
    const [gone, stays, ...others] = [...members];
    if (!gone || !stays) throw new Error('too few members');
    const goneAddress = (gone[0] as PyBytes).latin1;
    const stayingAddress = (stays[0] as PyBytes).latin1;
    const newer = changedConfig('announce', {
      digest_members: new PyDict([
        stays,
        ...others,
        [text('new.one@example.org'), text('New.One@example.org')],
      ]),
      usernames: new PyDict([[stays[0], text('New Name')]]),
      header_filter_rules: [new PyTuple([text('^X-New: yes'), 3, false])],
      ban_list: [text('other@example.net')],
      goodbye_msg: text(''),
      info: text('New info'),
      hold_and_cmd_autoresponses: new PyDict(),
    });
    const report = importJson(ANT, newer);
    expect(report.members).toMatchObject({ added: 1, removed: 1 });
    expect(report.settings_changed).toEqual([
      'autoresponses',
      'ban_list',
      'header_filter_rules',
      'info',
      // What was known of the member who is gone.
      'legacy_settings',
      'templates',
    ]);
    const exported = exportOf(server, ANT);
    const addresses = exported.members.filter(({ role }) => role === 'member').map(({ address }) => address);
    expect(addresses).toContain('New.One@example.org');
    expect(addresses.map((address) => address.toLowerCase())).not.toContain(goneAddress);
    const staying = exported.members.find(
      ({ address, role }) => role === 'member' && address.toLowerCase() === stayingAddress,
    );
    expect(staying?.display_name).toBe('New Name');
    expect(exported.header_matches).toMatchObject([{ header: 'x-new', pattern: '^yes', action: 'discard' }]);
    expect(exported.bans).toEqual(['other@example.net']);
    expect(exported.settings.info).toBe('New info');
    expect(exported.templates.map(({ name }) => name)).not.toContain('list:user:notice:goodbye');
    expect(exported.autoresponses.filter(({ kind }) => kind === 'hold')).toEqual([]);
    // What a fresh import of the newer file makes is the same.
    importJson('--create', 'bee@example.com', newer);
    const { members: again, settings } = exportOf(server, 'bee@example.com');
    const withoutId = ({ member_id: _, ...member }: (typeof again)[number]) => member;
    expect(exported.members.map(withoutId)).toEqual(again.map(withoutId));
    expect({ ...exported.settings, acceptable_aliases: [] }).toMatchObject({
      info: settings.info,
      topics: settings.topics,
      post_id: settings.post_id,
    });
  });

  it('takes templates away that are gone from the folder, and leaves those of others', () => {
    const folder = join(server.folder, 'lists', 'ant');
    mkdirSync(folder, { recursive: true });
    copyFileSync(fixture('vereinsrundbrief'), join(folder, 'config.pck'));
    cpSync(fixture('vereinsrundbrief', 'de'), join(folder, 'de'), { recursive: true });
    cpSync(fixture('vereinsrundbrief', 'fr'), join(folder, 'fr'), { recursive: true });
    importJson('--create', ANT, join(folder, 'config.pck'));
    const languages = () =>
      exportOf(server, ANT)
        .templates.map(({ language }) => language)
        .filter((language) => language !== '');
    expect(languages().sort()).toEqual(['de', 'fr']);
    rmSync(join(folder, 'fr'), { recursive: true });
    // From a pipe the folder is not known, so nothing can be said about it.
    succeed(server.shell(`$mailman import21 ${ANT} - < '${join(folder, 'config.pck')}'`));
    expect(languages().sort()).toEqual(['de', 'fr']);
    importJson(ANT, join(folder, 'config.pck'));
    expect(languages()).toEqual(['de']);
  });

  it('keeps who is gone with --keep', () => {
    makeList(server, ANT, 'extra@example.com');
    expect(importJson('--keep', ANT, fixture('plain')).members).toMatchObject({ added: 13, removed: 0 });
    expect(succeed(server.mailman('members', ANT))).toContain('extra@example.com');
    expect(importJson(ANT, fixture('plain')).members).toMatchObject({ removed: 1, unchanged: 13 });
    expect(succeed(server.mailman('members', ANT))).not.toContain('extra@example.com');
  });
});

describe('charsets', () => {
  it('are those of the language, unless -c names another one', () => {
    const file = changedConfig('plain', { info: PyBytes.from(Buffer.from('d0d2c9d7c5d4', 'hex')) });
    importJson('--create', '-c', 'koi8-r', ANT, file);
    expect(exportOf(server, ANT).settings.info).toBe('привет');
  });

  it('name what is not in them, and read it as well as can be', () => {
    const file = changedConfig('plain', {
      info: PyBytes.from(Buffer.from('Grüße', 'latin1')),
      description: PyBytes.from(Buffer.from('Grüße', 'utf8')),
    });
    const { notes } = importJson('--create', ANT, file);
    expect(notes).toContainEqual({
      kind: 'needs_person',
      subject: 'info',
      text: 'not in us-ascii; read as windows-1252: "Grüße"',
    });
    expect(notes).toContainEqual({
      kind: 'needs_person',
      subject: 'description',
      text: 'not in us-ascii; read as utf-8: "Grüße"',
    });
    expect(exportOf(server, ANT).settings).toMatchObject({ info: 'Grüße', description: 'Grüße' });
  });
});

describe('a language that is not configured', () => {
  it('is named and does not stop the import', () => {
    const file = changedConfig('plain', {
      preferred_language: text('tlh'),
      language: new PyDict([[text('bob@example.com'), text('vro')]]),
    });
    const { notes, members } = importJson('--create', ANT, file);
    expect(members.added).toBe(13);
    expect(notes.map(({ subject, text }) => `${subject}: ${text}`)).toContain(
      'preferred_language: tlh is not configured: add a section [language.tlh] to mailman.cfg',
    );
  });
});

describe('secrets', () => {
  it('are neither in the report nor in an export without --secrets', () => {
    const file = changedConfig('plain', {
      post_password: [text('tell nobody')],
      passwords: new PyDict([
        [text('bob@example.com'), PyBytes.from(Buffer.from('tell nobody \u00fc', 'latin1'))],
        [text('gone@example.com'), text('tell nobody')],
      ]),
    });
    const run = server.mailman('import21', '--create', '--json', ANT, file);
    expect(succeed(run)).toContain('"post_password"');
    expect(run.stdout + run.stderr).not.toContain('tell nobody');
    const open = succeed(server.mailman('export', ANT));
    expect(open).not.toMatch(/tell nobody|mailman21:sha1|"password"/);
    expect(succeed(server.mailman('export', ANT, '--secrets'))).toContain('tell nobody');
  });
});

describe('progress', () => {
  const script = (config: string, file: string) => `import os, pty, sys
out = os.open(os.devnull, os.O_WRONLY)
chunks = []
def read(fd):
    data = os.read(fd, 65536); chunks.append(data); return data
status = pty.spawn([${JSON.stringify(MAILMAN)}, '-C', ${JSON.stringify(config)}, 'import21', '--create', '${ANT}', ${JSON.stringify(file)}], read)
sys.exit(os.waitstatus_to_exitcode(status))`;

  it('is shown on a terminal for many members', () => {
    const config = join(server.folder, 'mailman.cfg');
    const { stdout, status } = spawnSync(PYTHON3, ['-c', script(config, fixture('bigcrowd'))], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    expect(status).toBe(0);
    expect(stdout).toMatch(/Importing members .* of 20000, .* left/);
  });

  it('is silent elsewhere', () => {
    const { stderr } = server.mailman('import21', '--create', ANT, fixture('bigcrowd'));
    expect(stderr).toBe('');
  });
});

describe('the backup', () => {
  it('is offered where config.pck is damaged, and read with --use-last', () => {
    makeList(server, ANT);
    const refused = server.mailman('import21', ANT, fixture('broken-last'));
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain('add --use-last');
    succeed(server.mailman('import21', '--use-last', ANT, fixture('broken-last')));
    expect(exportOf(server, ANT).settings.description).toBe('the good older copy');
  });

  it('is not offered where it is damaged too', () => {
    makeList(server, ANT);
    const folder = join(server.folder, 'lists');
    mkdirSync(folder);
    copyFileSync(fixture('truncated'), join(folder, 'config.pck'));
    writeFileSync(join(folder, 'config.pck.last'), 'nonsense');
    const { stderr, status } = server.mailman('import21', ANT, join(folder, 'config.pck'));
    expect(status).toBe(1);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});
