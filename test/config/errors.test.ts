import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/config/errors.ts';
import { loadConfig } from '../../src/config/load.ts';
import { FerrymanError } from '../../src/errors.ts';
import { folder, load, problemsOf, surroundingsIn, write } from './helpers.ts';

describe('a wrong value is one line: file, line, section, key, found, expected', () => {
  test.each([
    ['[mta]\n\nsmtp_port: abc', "FILE:3: [mta] smtp_port: found 'abc', expected a port number, 0 to 65535"],
    ['[mta]\nlmtp_port: 70000', "FILE:2: [mta] lmtp_port: found '70000', expected a port number, 0 to 65535"],
    [
      '[webservice]\nport: 8001 # REST',
      "FILE:2: [webservice] port: found '8001 # REST', expected a port number, 0 to 65535 (a comment needs a line of its own)",
    ],
    [
      '[webservice]\nuse_https: perhaps',
      "FILE:2: [webservice] use_https: found 'perhaps', expected yes or no",
    ],
    [
      '[mailman]\npending_request_life: 3 days',
      "FILE:2: [mailman] pending_request_life: found '3 days', expected a period such as 5d, 1d12h or 30s (units w d h m s, in that order)",
    ],
    ['[mailman]\nsite_owner: anne', "FILE:2: [mailman] site_owner: found 'anne', expected an e-mail address"],
    [
      '[mailman]\nnoreply_address: noreply@example.com',
      "FILE:2: [mailman] noreply_address: found 'noreply@example.com', expected the part of an address before the @",
    ],
    [
      '[mta]\nsmtp_secure_mode: tls',
      "FILE:2: [mta] smtp_secure_mode: found 'tls', expected one of smtp, smtps, starttls",
    ],
    [
      '[mta]\nincoming: example.mta.Mine',
      "FILE:2: [mta] incoming: found 'example.mta.Mine', expected one of mailman.mta.postfix.LMTP, mailman.mta.exim4.LMTP, mailman.mta.null.NullMTA",
    ],
    [
      '[database]\nurl: oracle://anne:secret@db/mailman',
      "FILE:2: [database] url: found 'oracle://anne:***@db/mailman', expected a URL that begins with sqlite://, postgresql:// or mysql+pymysql://",
    ],
    [
      '[runner.in]\ninstances: 3',
      "FILE:2: [runner.in] instances: found '3', expected a power of 2 (1, 2, 4, …)",
    ],
    [
      '[mta]\nverp_regexp: ^(?P<bounces>x)$',
      "FILE:2: [mta] verp_regexp: found '^(?P<bounces>x)$', expected a regular expression with the named groups bounces, local, domain",
    ],
    [
      '[mta]\nverp_probe_format: $bounces@$domain',
      "FILE:2: [mta] verp_probe_format: found '$bounces@$domain', expected a text with $bounces, $token, $domain",
    ],
    [
      '[antispam]\nheader_checks:\n  X-Spam: yes\n  nonsense',
      'FILE:2: [antispam] header_checks: found \'nonsense\', expected lines such as "X-Spam-Flag: yes" with a regular expression after the colon',
    ],
    [
      '[ARC]\nenabled: true',
      "FILE:2: [ARC] enabled: found 'true', expected yes or no (Mailman reads only these)",
    ],
    [
      '[archiver.prototype]\nclobber_date: often',
      "FILE:2: [archiver.prototype] clobber_date: found 'often', expected one of never, maybe, always",
    ],
    [
      '[logging.smtp]\nlevel: loud',
      /^FILE:2: \[logging\.smtp\] level: found 'loud', expected one of critical, /,
    ],
    [
      '[mta]\nconfiguration: postfix.cfg',
      "FILE:2: [mta] configuration: found 'postfix.cfg', expected an absolute path or python:package.module",
    ],
    [
      '[mta]\nsmtp_host: a\n  smtp_port: 25',
      "FILE:2: [mta] smtp_host: found 'a\\nsmtp_port: 25', expected a host name or an IP address",
    ],
    [
      '[mailman]\nlistname_chars: [a-zäö]',
      /^FILE:2: \[mailman\] listname_chars: found '\[a-zäö\]', expected a class of characters/,
    ],
    [
      '[nntp]\nrewrite_duplicate_headers: To',
      "FILE:2: [nntp] rewrite_duplicate_headers: found 'To', expected two header names on each line",
    ],
  ])('%s', (text, expected) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(1);
    if (expected instanceof RegExp) expect(problems[0]).toMatch(expected);
    else expect(problems[0]).toBe(expected);
  });
});

describe('a wrong name', () => {
  test.each([
    ['[mta]\nsmtp_prot: 25', 'FILE:2: [mta] smtp_prot: no such key; did you mean smtp_port?'],
    ['[styles]\nxyzzy: 1', 'FILE:2: [styles] xyzzy: no such key; expected one of default'],
    ['[webservce]\nport: 1', 'FILE:1: [webservce]: no such section; did you mean [webservice]?'],
    ['[MTA]\nsmtp_port: 1', 'FILE:1: [MTA]: no such section; did you mean [mta]?'],
    ['[archivers.x]\nenable: no', 'FILE:1: [archivers.x]: no such section; did you mean [archiver.NAME]?'],
    [
      '[runner.a.b]\nstart: no',
      'FILE:1: [runner.a.b]: no such section; expected [runner.NAME] with a name without blanks and dots',
    ],
    ['[runner.in]\nsleep: 1s', 'FILE:2: [runner.in] sleep: no such key; did you mean sleep_time?'],
  ])('%s', (text, expected) => {
    expect(problemsOf(text)).toEqual([expected]);
  });

  test('a name far from all others: the known ones are listed', () => {
    expect(problemsOf('[uwsgi]\nport: 1')[0]).toMatch(
      /^FILE:1: \[uwsgi\]: no such section; expected one of mailman, /,
    );
  });

  test('names of object methods are no keys', () => {
    expect(problemsOf('[mta]\nconstructor: 1\n__proto__: 2')).toHaveLength(2);
    expect(problemsOf('[constructor]\na: 1')).toHaveLength(1);
    expect(problemsOf('[mta]\nincoming: constructor')).toHaveLength(1);
    expect(problemsOf('[paths.here]\nvar_dir: /x/$constructor')).toHaveLength(1);
    expect(load('[shell]\nhistory_file: /x/$constructor').shell.history_file).toBe('/x/$constructor');
  });
});

test('all problems of a file are told at once, one line each', () => {
  const problems = problemsOf('[mta]\nsmtp_port: x\nsmtp_prot: 1\n[web]\nport: y\n[nope]\na: b\n');
  expect(problems.map((line) => line.split(':')[1])).toEqual(['3', '6', '2', '5']);
  expect(problems.every((line) => !line.includes('\n'))).toBe(true);
});

test('the error is one that people can act on', () => {
  expect(() => load('[mta]\nsmtp_port: x')).toThrow(ConfigError);
  expect(() => load('[mta]\nsmtp_port: x')).toThrow(FerrymanError);
});

describe('values that need each other', () => {
  test.each([
    [
      '[mailman]\nlayout: mine',
      /^FILE:2: \[mailman\] layout: No path configuration found: paths\.mine; expected one of debian, dev, fhs, here, local$/,
    ],
    [
      '[mailman]\ndefault_language: eo',
      /^FILE:2: \[mailman\] default_language: found 'eo', expected one of the enabled languages ar, ast, /,
    ],
    [
      '[language.fr]\nenabled: no\n[mailman]\ndefault_language: fr',
      /^FILE:4: \[mailman\] default_language: found 'fr'/,
    ],
    [
      '[runner.mine]\nclass: example.Runner',
      /^FILE:2: \[runner\.mine\] class: found 'example\.Runner', expected one of mailman\.runners\.archive\./,
    ],
    [
      '[archiver.mine]\nclass: example.Archiver\nenable: yes',
      /^FILE:2: \[archiver\.mine\] class: found 'example\.Archiver', expected one of .*mailman_hyperkitty\.Archiver/,
    ],
    ['[archiver.mine]\nenable: yes', /^FILE: \[archiver\.mine\] class: found '', expected one of /],
  ])('%s', (text, expected) => {
    expect(problemsOf(text)).toEqual([expect.stringMatching(expected)]);
  });

  test('ARC that is on needs key, selector and domain, and must sign From', () => {
    expect(problemsOf('[ARC]\nenabled: yes\nsig_headers: To\nselector: arc\n')).toEqual([
      "FILE: [ARC] privkey: found '', expected the path of a private key, because [ARC] enabled is yes",
      "FILE: [ARC] domain: found '', expected a domain name, because [ARC] enabled is yes",
      "FILE:3: [ARC] sig_headers: found 'To', expected a list with From in it",
    ]);
  });
});

test('a file that cannot be read', () => {
  const cwd = folder();
  const surroundings = { ...surroundingsIn(cwd), isFile: () => true };
  expect(() => loadConfig({ file: cwd, surroundings })).toThrow(
    `${cwd}: cannot be read (it is a directory), expected a readable configuration file`,
  );
  write(`${cwd}/mailman.cfg`, '');
  const missing = surroundingsIn(cwd, { MAILMAN_EXTRA_TESTING_CFG: '/nope/extra.cfg' });
  expect(() => loadConfig({ surroundings: missing })).toThrow(
    '/nope/extra.cfg: cannot be read (no such file or directory)',
  );
});
