import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { install, problemOf, succeed } from '../support/mailman.ts';

const LMTP = 'lmtp:[127.0.0.1]:8024';

/** What Postfix itself finds in a map. */
function look(map: string, key: string): string {
  const { stdout, stderr } = spawnSync('/usr/sbin/postmap', ['-q', key, map], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.trim();
}

function configure(type: string): string {
  return `[mta]\nconfiguration: ${type}`;
}

test('creating and removing a list changes what Postfix finds', () => {
  const server = install();
  succeed(server.mailman('create', 'ant@example.com'));
  const map = `hash:${server.folder}/var/data/postfix_lmtp`;
  expect(look(map, 'ant@example.com')).toBe(LMTP);
  expect(look(map, 'ant-unsubscribe@example.com')).toBe(LMTP);
  expect(look(`hash:${server.folder}/var/data/postfix_domains`, 'example.com')).toBe('example.com');
  succeed(server.mailman('create', 'bee@example.com'));
  succeed(server.mailman('remove', 'ant@example.com'));
  expect(look(map, 'ant@example.com')).toBe('');
  expect(look(map, 'bee-request@example.com')).toBe(LMTP);
});

test('a map that says what it should stays the file that Postfix has open, unless all are asked for', () => {
  const server = install();
  const file = (name: string): string => join(server.folder, 'var/data', name);
  const inode = (name: string): number => statSync(file(name)).ino;
  succeed(server.mailman('create', 'ant@example.com'));
  // Held open by these names, so that no new file gets the same number.
  for (const name of ['postfix_domains.db', 'postfix_lmtp.db']) linkSync(file(name), file(`${name}.first`));
  succeed(server.mailman('create', 'bee@example.com'));
  expect(inode('postfix_domains.db')).toBe(inode('postfix_domains.db.first'));
  expect(inode('postfix_lmtp.db')).not.toBe(inode('postfix_lmtp.db.first'));
  succeed(server.mailman('aliases'));
  expect(inode('postfix_domains.db')).not.toBe(inode('postfix_domains.db.first'));
});

test.each(['missing', 'of another text'])('an index that is %s is made anew with the next list', (state) => {
  const server = install();
  const index = join(server.folder, 'var/data/postfix_domains.db');
  succeed(server.mailman('create', 'ant@example.com'));
  if (state === 'missing') rmSync(index);
  else spawnSync('/usr/sbin/postmap', [`hash:${server.file('other', 'example.org example.org\n')}`]);
  if (state !== 'missing') renameSync(join(server.folder, 'other.db'), index);
  succeed(server.mailman('create', 'bee@example.com'));
  expect(look(`hash:${server.folder}/var/data/postfix_domains`, 'example.com')).toBe('example.com');
});

test('the folders that Exim looks for come and go with the lists', () => {
  const server = install('[mta]\nincoming: mailman.mta.exim4.LMTP');
  succeed(server.mailman('create', 'Ant@example.com'));
  expect(readdirSync(join(server.folder, 'var/lists'))).toEqual(['ant.example.com']);
  expect(existsSync(join(server.folder, 'var/data/postfix_lmtp'))).toBe(false);
  succeed(server.mailman('remove', 'ant@example.com'));
  expect(readdirSync(join(server.folder, 'var/lists'))).toEqual([]);
});

test('with expressions no postmap is needed, and Postfix finds tokens and names with dots and plus signs', () => {
  const server = install(configure('/nonexistent'));
  const settings = server.file(
    'postfix.cfg',
    '[postfix]\npostmap_command: /bin/false\ntransport_file_type: regex\n',
  );
  server.file(
    'mailman.cfg',
    readFileSync(join(server.folder, 'mailman.cfg'), 'utf8').replace('/nonexistent', settings),
  );
  succeed(server.mailman('create', 'c++.users@example.com'));
  const map = `regexp:${server.folder}/var/data/postfix_lmtp`;
  expect(look(map, 'c++.users@example.com')).toBe(LMTP);
  expect(look(map, 'c++.users-confirm+0123456789@example.com')).toBe(LMTP);
  expect(look(map, 'c++xusers@example.com')).toBe('');
});

test('an alias domain is reached through virtual aliases', () => {
  const server = install();
  succeed(server.mailman('create', 'cat@lists.example.org'));
  server.sql('UPDATE domain SET alias_domain = ?', 'x.example.org');
  succeed(server.mailman('aliases'));
  const data = `${server.folder}/var/data`;
  expect(look(`hash:${data}/postfix_vmap`, 'cat-leave@lists.example.org')).toBe('cat-leave@x.example.org');
  expect(look(`hash:${data}/postfix_lmtp`, 'cat-leave@x.example.org')).toBe(LMTP);
  expect(look(`hash:${data}/postfix_lmtp`, 'cat-leave@lists.example.org')).toBe('');
  server.sql('UPDATE domain SET alias_domain = NULL');
  succeed(server.mailman('aliases'));
  expect(existsSync(`${data}/postfix_vmap`)).toBe(false);
});

test('a virtual alias of expressions keeps the token', () => {
  const server = install();
  const settings = server.file('postfix.cfg', '[postfix]\ntransport_file_type: regexp\n');
  const config = join(server.folder, 'mailman.cfg');
  server.file('mailman.cfg', `${readFileSync(config, 'utf8')}\n${configure(settings)}`);
  succeed(server.mailman('create', 'cat@lists.example.org'));
  server.sql('UPDATE domain SET alias_domain = ?', 'x.example.org');
  succeed(server.mailman('aliases'));
  const map = `regexp:${server.folder}/var/data/postfix_vmap`;
  expect(look(map, 'cat-confirm+abc@lists.example.org')).toBe('cat-confirm+abc@x.example.org');
});

test('a map that cannot be compiled leaves the old one in use; the list is there', () => {
  const server = install();
  succeed(server.mailman('create', 'ant@example.com'));
  const settings = server.file('postfix.cfg', '[postfix]\npostmap_command: /bin/false\n');
  const config = join(server.folder, 'mailman.cfg');
  server.file('mailman.cfg', `${readFileSync(config, 'utf8')}\n${configure(settings)}`);
  const outcome = server.mailman('create', 'bee@example.com');
  expect(outcome.status).toBe(0);
  expect(outcome.stderr).toContain('command failure: /bin/false');
  expect(look(`hash:${server.folder}/var/data/postfix_lmtp`, 'ant@example.com')).toBe(LMTP);
  expect(readdirSync(join(server.folder, 'var/data')).filter((name) => name.includes('.new'))).toEqual([]);
  const aliases = server.mailman('aliases');
  expect(aliases.status).toBe(1);
  expect(problemOf(aliases)).toContain('command failure: /bin/false');
});

test('an address of Ferryman that is in brackets has them once', () => {
  const server = install('[mta]\nlmtp_host: [::1]');
  succeed(server.mailman('create', 'ant@example.com'));
  expect(look(`hash:${server.folder}/var/data/postfix_lmtp`, 'ant@example.com')).toBe('lmtp:[::1]:8024');
});

test('what a killed command has left goes with the next map, and what another one is writing stays', () => {
  const server = install();
  succeed(server.mailman('create', 'ant@example.com'));
  const [left, stays] = ['var/data/postfix_lmtp.1.new.db', 'var/data/postfix_lmtp.2.new'].map((name) =>
    server.file(name, ''),
  );
  if (!left || !stays) throw new Error('no files');
  utimesSync(left, 0, 0);
  succeed(server.mailman('create', 'bee@example.com'));
  expect([existsSync(left), existsSync(stays)]).toEqual([false, true]);
});

test.each([
  ['that is not there', '/nonexistent/postmap', 'no such file or directory'],
  ['that may not be run', '/etc/passwd', 'permission denied'],
  ['that is another one', '/bin/true', 'it has made no '],
])('a command %s is named, and the list is there', (_, command, reason) => {
  const server = install();
  const settings = server.file('postfix.cfg', `[postfix]\npostmap_command: ${command}\n`);
  const config = join(server.folder, 'mailman.cfg');
  server.file('mailman.cfg', `${readFileSync(config, 'utf8')}\n${configure(settings)}`);
  const { status, stdout, stderr } = server.mailman('create', 'ant@example.com');
  expect([status, stdout]).toEqual([0, 'Created mailing list: ant@example.com\n']);
  expect(stderr).toContain(`command failure: ${command} hash:`);
  expect(stderr).toContain(`: ${reason}`);
  expect(stderr).toContain('run "mailman aliases" when that is mended');
});

test('mail for an international domain is found as it comes, in ASCII too', () => {
  const server = install();
  succeed(server.mailman('create', 'ant@bücher.example'));
  const data = `${server.folder}/var/data`;
  for (const domain of ['bücher.example', 'xn--bcher-kva.example']) {
    expect(look(`hash:${data}/postfix_lmtp`, `ant-join@${domain}`)).toBe(LMTP);
    expect(look(`hash:${data}/postfix_domains`, domain)).toBe('bücher.example');
    expect(existsSync(`${server.folder}/var/lists/ant.${domain}`)).toBe(true);
  }
  succeed(server.mailman('domains', '--alias-domain', 'lists.invalid', 'bücher.example'));
  for (const domain of ['bücher.example', 'xn--bcher-kva.example'])
    expect(look(`hash:${data}/postfix_vmap`, `ant@${domain}`)).toBe('ant@lists.invalid');
  succeed(server.mailman('remove', 'ant@xn--bcher-kva.example'));
  expect(readdirSync(join(server.folder, 'var/lists'))).toEqual([]);
});

test('another folder can be given, which must exist', () => {
  const server = install();
  succeed(server.mailman('create', 'ant@example.com'));
  const folder = join(server.folder, 'elsewhere');
  mkdirSync(folder);
  chmodSync(folder, 0o755);
  expect(succeed(server.mailman('aliases', '-d', folder))).toBe('');
  expect(look(`hash:${folder}/postfix_lmtp`, 'ant@example.com')).toBe(LMTP);
  const missing = server.mailman('aliases', '--directory', '/nope');
  expect(missing.status).toBe(2);
  expect(problemOf(missing)).toBe(
    "Error: Invalid value for '--directory' / '-d': Directory '/nope' does not exist.",
  );
});
