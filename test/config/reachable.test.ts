import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ensureDirectories } from '../../src/config/directories.ts';
import { readPostfixSettings } from '../../src/config/external.ts';
import { loadConfig } from '../../src/config/load.ts';
import { checkServerFiles, unreachable } from '../../src/config/reachable.ts';
import { folder, load, problemsWhen, surroundingsIn, write } from './helpers.ts';

function pem(kind: 'rsa' | 'ed25519' | 'x25519', bits = 2048): string {
  const pair =
    kind === 'rsa'
      ? generateKeyPairSync(kind, { modulusLength: bits })
      : kind === 'ed25519'
        ? generateKeyPairSync(kind)
        : generateKeyPairSync(kind);
  return pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

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
    const problems = unreachable(config).filter((line) => line.includes('[ARC]'));
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
[cutover]
mailman2_var_dir: /nope/mailman
`,
    );
    const config = loadConfig({ surroundings: surroundingsIn(cwd) });
    ensureDirectories(config);
    const file = join(cwd, 'mailman.cfg');
    expect(unreachable(config)).toEqual([
      `${file}:2: [mta] configuration: /nope/postfix.cfg cannot be read (no such file or directory), expected a file with [postfix]`,
      `${file}:6: [archiver.hyperkitty] configuration: /nope/hyperkitty.cfg cannot be read (no such file or directory), expected a file with [general]`,
      `${file}:9: [ARC] privkey: /nope/key.pem cannot be used (no such file or directory), expected a readable private key`,
      `${file}:13: [cutover] mailman2_var_dir: /nope/mailman cannot be used (no such file or directory), expected a directory of Mailman 2`,
    ]);
  });

  test('a directory for the file of the process id that is not there', () => {
    const file = write(join(folder(), 'mailman.cfg'), '[paths.here]\npid_file: /nope/run/master.pid\n');
    const config = loadConfig({ file });
    expect(problemsWhen(() => checkServerFiles(config))).toContain(
      `${file}:2: [paths.here] pid_file: /nope/run cannot be used (no such file or directory), expected an existing, writable directory`,
    );
  });

  test('nothing to complain about in a fresh installation', () => {
    const config = loadConfig({ surroundings: surroundingsIn(folder()) });
    ensureDirectories(config);
    expect(unreachable(config)).toEqual([]);
  });

  test('mistakes inside the Postfix file', () => {
    const read = (text: string) => {
      const file = write(join(folder(), 'postfix.cfg'), text);
      const config = load(`[mta]\nconfiguration: ${file}\n`);
      return problemsWhen(() => readPostfixSettings(config)).map((line) => line.replaceAll(file, 'FILE'));
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
    expect(problemsWhen(() => readPostfixSettings(config))[0]).toMatch(
      /\[mta\] configuration: found 'python:example\.mta', expected an absolute path or one of python:mailman\.config\.postfix/,
    );
  });
});
