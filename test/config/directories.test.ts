import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkReachable, ensureDirectories } from '../../src/config/directories.ts';
import { ConfigError } from '../../src/config/errors.ts';
import { readPostfixSettings } from '../../src/config/external.ts';
import { loadConfig } from '../../src/config/load.ts';
import { folder, load, surroundingsIn, write } from './helpers.ts';

const mode = (path: string) => statSync(path).mode & 0o777;

function problemsOf(attempt: () => unknown): readonly string[] {
  try {
    attempt();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

function pem(kind: 'rsa' | 'ed25519' | 'x25519', bits = 2048): string {
  const pair =
    kind === 'rsa'
      ? generateKeyPairSync(kind, { modulusLength: bits })
      : kind === 'ed25519'
        ? generateKeyPairSync(kind)
        : generateKeyPairSync(kind);
  return pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

describe('run-time directories', () => {
  test('are made when missing, with a configuration file of comments', () => {
    const cwd = folder();
    const config = loadConfig({ surroundings: surroundingsIn(cwd) });
    const umask = process.umask(0o007);
    try {
      ensureDirectories(config);
      ensureDirectories(config);
    } finally {
      process.umask(umask);
    }
    for (const name of 'archives cache data etc lists locks logs messages queue templates'.split(' ')) {
      expect([name, mode(join(cwd, 'var', name))]).toEqual([name, 0o755]);
    }
    expect(mode(join(cwd, 'var'))).toBe(0o755);
    expect(mode(join(cwd, 'var/queue/in'))).toBe(0o770);
    expect(existsSync(join(cwd, 'var/queue/lmtp'))).toBe(false);
    const stub = readFileSync(join(cwd, 'var/etc/mailman.cfg'), 'utf8');
    expect(
      stub
        .trimEnd()
        .split('\n')
        .every((line) => line.startsWith('#')),
    ).toBe(true);
    expect(loadConfig({ surroundings: surroundingsIn(cwd) }).file).toBe(join(cwd, 'var/etc/mailman.cfg'));
  });

  test('a configuration file that is there stays', () => {
    const cwd = folder();
    const file = write(join(cwd, 'var/etc/mailman.cfg'), '[mta]\nsmtp_port: 26\n');
    ensureDirectories(loadConfig({ surroundings: surroundingsIn(cwd) }));
    expect(readFileSync(file, 'utf8')).toBe('[mta]\nsmtp_port: 26\n');
  });

  test('one that cannot be made is one line: file, section, key, path, reason', () => {
    const cwd = folder();
    const blocker = write(join(cwd, 'file'), '');
    write(join(cwd, 'mailman.cfg'), `[paths.here]\nlog_dir: ${blocker}/logs\n`);
    expect(problemsOf(() => ensureDirectories(loadConfig({ surroundings: surroundingsIn(cwd) })))).toEqual([
      `${cwd}/mailman.cfg:2: [paths.here] log_dir: ${blocker}/logs cannot be created (part of the path is not a directory), expected a directory or a place for one`,
    ]);
  });

  test('what lies below one that cannot be made is not named again', () => {
    const cwd = folder();
    const blocker = write(join(cwd, 'file'), '');
    write(join(cwd, 'mailman.cfg'), `[paths.here]\nvar_dir: ${blocker}/var\n`);
    expect(problemsOf(() => ensureDirectories(loadConfig({ surroundings: surroundingsIn(cwd) })))).toEqual([
      `${cwd}/mailman.cfg:2: [paths.here] var_dir: ${blocker}/var cannot be created (part of the path is not a directory), expected a directory or a place for one`,
    ]);
  });

  test('a file in the way of a directory', () => {
    const cwd = folder();
    const blocker = write(join(cwd, 'var'), '');
    const problems = problemsOf(() => ensureDirectories(loadConfig({ surroundings: surroundingsIn(cwd) })));
    expect(problems[0]).toBe(
      `no configuration file: [paths.here] var_dir: ${blocker} cannot be created (a file of that name is in the way), expected a directory or a place for one`,
    );
  });

  test('built-in templates need no directory; bin_dir need not be ours', () => {
    const cwd = folder();
    write(join(cwd, 'mailman.cfg'), '[paths.here]\ntemplate_dir: :source:\nbin_dir: /proc/nope\n');
    ensureDirectories(loadConfig({ surroundings: surroundingsIn(cwd) }));
    expect(existsSync(join(cwd, ':source:'))).toBe(false);
  });
});

describe('files that the configuration names', () => {
  test.each([
    ['no key', 'key.pem', 'no key', 'CWD/key.pem holds no private key in PEM without a passphrase'],
    [
      'an RSA key that is too short',
      'key.pem',
      pem('rsa', 512),
      'CWD/key.pem holds an RSA key of 512 bits, expected at least 1024',
    ],
    [
      'a key of another kind',
      'key.pem',
      pem('x25519'),
      'CWD/key.pem holds a key of type x25519, expected RSA or Ed25519',
    ],
    ['an RSA key', 'key.pem', pem('rsa', 1024), undefined],
    ['an Ed25519 key', 'key.pem', pem('ed25519'), undefined],
    ['a key for each domain', '$mail_host.pem', '', undefined],
    [
      'a folder that is not there',
      'nope/$mail_host/key.pem',
      '',
      'CWD/nope cannot be used (no such file or directory), expected a directory of private keys',
    ],
  ])('%s for sealing', (_what, privkey, content, problem) => {
    const cwd = folder();
    write(join(cwd, 'key.pem'), content);
    mkdirSync(join(cwd, 'run'));
    const file = write(
      join(cwd, 'mailman.cfg'),
      `[ARC]\nenabled: yes\nprivkey: ${cwd}/${privkey}\nselector: a\ndomain: example.com\n`,
    );
    const config = loadConfig({ surroundings: surroundingsIn(cwd) });
    ensureDirectories(config);
    const problems = problemsOf(() => checkReachable(config)).filter((line) => line.includes('[ARC]'));
    expect(problems).toEqual(
      problem === undefined ? [] : [`${file}:3: [ARC] privkey: ${problem.replace('CWD', cwd)}`],
    );
  });

  test('each that cannot be reached is one line', () => {
    const cwd = folder();
    write(
      join(cwd, 'mailman.cfg'),
      `[mta]
configuration: /nope/postfix.cfg
[archiver.hyperkitty]
class: mailman_hyperkitty.Archiver
enable: yes
configuration: /nope/hyperkitty.cfg
[ARC]
enabled: yes
privkey: /nope/key.pem
selector: a
domain: example.com
[paths.here]
pid_file: /nope/run/master.pid
[cutover]
mailman2_var_dir: /nope/mailman
`,
    );
    const config = loadConfig({ surroundings: surroundingsIn(cwd) });
    ensureDirectories(config);
    const file = join(cwd, 'mailman.cfg');
    expect(problemsOf(() => checkReachable(config))).toEqual([
      `${file}:2: [mta] configuration: /nope/postfix.cfg cannot be read (no such file or directory), expected a file with [postfix]`,
      `${file}:6: [archiver.hyperkitty] configuration: /nope/hyperkitty.cfg cannot be read (no such file or directory), expected a file with [general]`,
      `${file}:9: [ARC] privkey: /nope/key.pem cannot be used (no such file or directory), expected a readable private key`,
      `${file}:13: [paths.here] pid_file: /nope/run cannot be used (no such file or directory), expected an existing, writable directory`,
      `${file}:15: [cutover] mailman2_var_dir: /nope/mailman cannot be used (no such file or directory), expected a directory of Mailman 2`,
    ]);
  });

  test('nothing to complain about in a fresh installation', () => {
    const config = loadConfig({ surroundings: surroundingsIn(folder()) });
    ensureDirectories(config);
    expect(problemsOf(() => checkReachable(config))).toEqual([]);
  });

  test('mistakes inside the Postfix file', () => {
    const read = (text: string) => {
      const file = write(join(folder(), 'postfix.cfg'), text);
      const config = load(`[mta]\nconfiguration: ${file}\n`);
      return problemsOf(() => readPostfixSettings(config)).map((line) => line.replaceAll(file, 'FILE'));
    };
    expect(read('postmap_command: x')).toEqual([
      'FILE:1: found text before any section, expected a line such as [mailman]',
    ]);
    expect(read('[general]\na: b')).toEqual(['FILE: found no section [postfix], expected one']);
    expect(read('[postfix]\npostmap: x')).toEqual([
      'FILE:2: [postfix] postmap: no such key; expected one of postmap_command, transport_file_type',
    ]);
    expect(read('[postfix]\ntransport_file_type: a b')).toEqual([
      "FILE:2: [postfix] transport_file_type: found 'a b', expected hash or regex",
    ]);
  });

  test('a Python module that is not one of Mailman', () => {
    const config = load('[mta]\nconfiguration: python:example.mta\n');
    expect(problemsOf(() => readPostfixSettings(config))[0]).toMatch(
      /\[mta\] configuration: found 'python:example\.mta', expected an absolute path or one of python:mailman\.config\.postfix/,
    );
  });
});
