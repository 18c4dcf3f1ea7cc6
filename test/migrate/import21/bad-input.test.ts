import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { ConfigPckError, readConfigPck } from '../../../migrate/import21/config-pck.ts';
import { readPickle } from '../../../migrate/pickle/reader.ts';
import { PyBytes, PyDict } from '../../../migrate/pickle/values.ts';
import { writePickle } from '../../../migrate/pickle/writer.ts';
import { type Installation, install, MAILMAN, makeList, type Outcome } from '../../support/mailman.ts';
import { PYTHON3 } from '../pickle/judge.ts';
import { fixture } from './site.ts';

const ANT = 'ant@example.com';

let server: Installation;
let before: string;

function dump({ mailman }: Installation): string {
  return mailman('export', ANT, '--json', '--secrets').stdout;
}

beforeAll(() => {
  server = install();
  makeList(server, ANT, 'anne@example.com');
  before = dump(server);
  expect(before).toContain('anne@example.com');
});

/** One line (or two where the second one helps), no stack, nothing written. */
function expectRefusal(outcome: Outcome, message: RegExp, status = 1): void {
  expect(outcome.stderr).toMatch(message);
  expect(outcome.stderr).not.toMatch(/\n\s+at |mistake in Ferryman/);
  expect(outcome.stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(status === 2 ? 4 : 2);
  expect(outcome.status).toBe(status);
  expect(outcome.stdout).toBe('');
  expect(dump(server)).toBe(before);
}

function config(version: number | undefined): Buffer {
  const value = readPickle(readFileSync(fixture('plain')));
  if (!(value instanceof PyDict)) throw new Error('no dictionary');
  const entries = [...value].filter(([key]) => !(key instanceof PyBytes && key.latin1 === 'data_version'));
  const changed = new PyDict(entries);
  if (version !== undefined) changed.set(new PyBytes('data_version'), version);
  return writePickle(changed);
}

describe('a file that is no config.pck', () => {
  const importing = (content: string | Uint8Array) =>
    server.mailman('import21', ANT, server.file('input', content));

  it('is named with what it is instead', () => {
    expectRefusal(importing(''), /input is empty; expected the config\.pck of a Mailman 2\.1 list\n/);
    expectRefusal(importing('Dear list,\nhello\n'), /input is a text file, not a Mailman 2\.1 configuration/);
    expectRefusal(importing('('.repeat(1e6)), /input is a text file, .*: Pickle, byte 1000: /);
    expectRefusal(importing(writePickle([1, 2])), /input is a pickle, but not of a list's settings/);
    expectRefusal(importing(writePickle(new PyDict([['a', 1]]))), /input is a pickle without data_version/);
    expectRefusal(importing(new Uint8Array([0, 255, 1, 254])), /input is damaged or no .*byte 0/);
    expectRefusal(
      importing(Buffer.from('{s\x04\0\0\0nameN0', 'latin1')),
      /input is a config\.db of Mailman 2\.0/,
    );
  });

  it('may be another file of the same list', () => {
    const { mailman } = server;
    expectRefusal(
      mailman('import21', ANT, fixture('plain', 'request.pck')),
      /plain\/request\.pck is a request\.pck \(held messages\); expected the config\.pck beside it/,
    );
    expectRefusal(
      mailman('import21', ANT, fixture('plain', 'pending.pck')),
      /plain\/pending\.pck is a pending\.pck .*; expected the config\.pck beside it/,
    );
    const held = fileURLToPath(
      new URL('../../../fixtures/mailman21/data/heldmsg-plain-1.pck', import.meta.url),
    );
    expectRefusal(mailman('import21', ANT, held), /heldmsg-plain-1\.pck is a pickle, but not of a list/);
  });

  it('may be of another version of Mailman', () => {
    expectRefusal(importing(config(21)), /input was written by Mailman 2\.0 \(data version 21\)/);
    expectRefusal(importing(config(200)), /input was written by a Mailman newer than 2\.1\.39.* 200/);
    expectRefusal(importing(config(undefined)), /input is a pickle without data_version/);
  });

  it('may be damaged', () => {
    expectRefusal(
      server.mailman('import21', ANT, fixture('truncated')),
      /truncated\/config\.pck is damaged .*byte \d+: the file ends before the pickle does/,
    );
    expectRefusal(
      server.mailman('import21', ANT, fixture('broken-last')),
      /broken-last\/config\.pck is damaged.*\n.*config\.pck\.last beside it is good: add --use-last/,
    );
  });

  it('may be cut anywhere', () => {
    const whole = readFileSync(fixture('staff'));
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => readConfigPck(whole.subarray(0, length), 'cut.pck')).toThrow(ConfigPckError);
    }
    for (const length of [1, 10, 500, whole.length - 1]) {
      expectRefusal(importing(whole.subarray(0, length)), /input is /);
    }
  });
});

describe('what cannot be read or written', () => {
  it('is a wrong use where the command line is to blame', () => {
    expectRefusal(server.mailman('import21', ANT, '/no/such/config.pck'), /No such file or directory/, 2);
    expectRefusal(server.mailman('import21', ANT, server.folder), /Is a directory/, 2);
    expectRefusal(server.mailman('import21', ANT), /Missing argument/, 2);
  });

  it('may be the list', () => {
    expectRefusal(
      server.mailman('import21', 'bee@example.com', fixture('plain')),
      /^No such list: bee@example\.com/,
    );
    expectRefusal(
      server.mailman('import21', '--create', 'bad name@example.com', fixture('plain')),
      /^Illegal list name: bad name@example\.com/,
    );
  });

  it('may be the charset or the folder', () => {
    expectRefusal(
      server.mailman('import21', '-c', 'bogus', ANT, fixture('plain')),
      /^Unknown charset bogus; expected a name such as utf-8/,
    );
    expectRefusal(
      server.mailman('import21', '--list-dir', '/no/such/dir', ANT, fixture('plain')),
      /^\/no\/such\/dir cannot be read: no such file or directory/,
    );
  });

  it('may be a pipe that ends early', () => {
    expectRefusal(
      server.shell(`head -c 3000 '${fixture('plain')}' | $mailman import21 ${ANT} -`),
      /^standard input is damaged .*byte \d+: .*the file ends/,
    );
    expectRefusal(server.shell(`$mailman import21 ${ANT} - < /dev/null`), /standard input is empty/);
    expectRefusal(server.shell(`$mailman import21 ${ANT} - <&-`), /standard input is empty|'-': Bad file/, 1);
  });
});

describe('a reader who has gone', () => {
  it('does not stop the import', () => {
    const other = install();
    const file = fixture('plain');
    const { status, stderr } = other.shell(`$mailman import21 --create ${ANT} '${file}' | true`);
    expect([status, stderr]).toEqual([0, '']);
    expect(other.mailman('members', ANT).stdout.trimEnd().split('\n')).toHaveLength(13);
  });
});

describe('a database that cannot be written', () => {
  const BIG = fixture('bigcrowd');

  it('may be locked by another process', () => {
    const lock = `import sqlite3, subprocess, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute('BEGIN IMMEDIATE')
sys.exit(subprocess.run(sys.argv[2:]).returncode)`;
    const path = join(server.folder, 'var', 'data', 'mailman.db');
    const hasty = server.file(
      'hasty.cfg',
      `[mailman]\nlayout: test\n[paths.test]\nvar_dir: ${server.folder}/var\n[database]\nurl: sqlite:///${path}?timeout=0.5\n`,
    );
    const outcome = server.shell(
      `${PYTHON3} -c "${lock.replaceAll('"', '\\"')}" '${path}' '${MAILMAN}' -C '${hasty}' import21 ${ANT} '${fixture('plain')}'`,
    );
    expectRefusal(outcome, /^Database sqlite:.*mailman\.db\?timeout=0\.5 is locked by another process/);
  });

  it('may have no room left', () => {
    const path = join(server.folder, 'var', 'data');
    const before = readFileSync(join(path, 'mailman.db'));
    const outcome = server.shell(`ulimit -f 4000; $mailman import21 ${ANT} '${BIG}'`);
    expectRefusal(outcome, /^Database sqlite:.*mailman\.db .*disk/);
    expect(readFileSync(join(path, 'mailman.db')).equals(before)).toBe(true);
  });

  it('is as before when the process is killed in the middle', async () => {
    const script = `import subprocess, sys, time, os
p = subprocess.Popen(sys.argv[2:], stdout=subprocess.DEVNULL)
wal = sys.argv[1] + '-wal'
deadline = time.time() + 60
while p.poll() is None and time.time() < deadline:
    if os.path.exists(wal) and os.path.getsize(wal) > 2000000: break
    time.sleep(0.002)
print('running' if p.poll() is None else 'finished')
p.kill(); p.wait()`;
    const path = join(server.folder, 'var', 'data', 'mailman.db');
    const { stdout } = spawnSync(
      'sh',
      [
        '-c',
        `exec ${PYTHON3} -c "$0" "$@"`,
        script,
        path,
        MAILMAN,
        '-C',
        join(server.folder, 'mailman.cfg'),
        'import21',
        ANT,
        BIG,
      ],
      { encoding: 'utf8' },
    );
    expect(stdout).toBe('running\n');
    expect(dump(server)).toBe(before);
  });
});
