import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type Installation, install, makeList, succeed } from '../support/mailman.ts';

const SITE = fileURLToPath(new URL('../../fixtures/mailman21', import.meta.url));
const LMTP = 'lmtp:[127.0.0.1]:8024';

/** What Postfix itself finds in one of the maps. */
function look({ folder }: Installation, map: string, key: string): string {
  const file = `hash:${join(folder, 'var/data', map)}`;
  return spawnSync('/usr/sbin/postmap', ['-q', key, file], { encoding: 'utf8' }).stdout.trim();
}

function bring(server: Installation): void {
  const lists = ['mailman', 'friends-org'].flatMap((name) => ['--list', name]);
  succeed(server.mailman('migrate', 'run', SITE, '--no-archives', ...lists));
}

test('the site list has its four addresses at every domain, and loops end at each', () => {
  const server = install();
  bring(server);
  for (const purpose of ['', '-owner', '-bounces', '-request', '-loop'])
    for (const domain of ['lists.example.com', 'lists.example.org'])
      expect(look(server, 'postfix_lmtp', `mailman${purpose}@${domain}`)).toBe(LMTP);
  expect(look(server, 'postfix_lmtp', 'mailman-join@lists.example.com')).toBe(LMTP);
  expect(look(server, 'postfix_lmtp', 'mailman-join@lists.example.org')).toBe('');
  expect(look(server, 'postfix_lmtp', 'friends-org-loop@lists.example.org')).toBe('');
});

test('until it is led from here, they are those of Mailman 2', () => {
  const server = install(`[cutover]\nmailman2_var_dir: ${SITE}\nalias_domain: ferry.invalid\n`);
  bring(server);
  const there = (address: string): string => look(server, 'postfix_vmap', address);
  for (const domain of ['lists.example.com', 'lists.example.org'])
    for (const purpose of ['', '-owner', '-loop'])
      expect(there(`mailman${purpose}@${domain}`)).toBe(`mailman${purpose}@localhost`);
  server.sql("UPDATE cutover SET stage = 'lead' WHERE mailman2_name = 'mailman'");
  succeed(server.mailman('aliases'));
  expect(there('mailman-loop@lists.example.com')).toMatch(/^mailman-loop@.*ferry\.invalid$/);
  const [local = '', domain = ''] = there('mailman-owner@lists.example.org').split('@');
  expect(local).toBe('mailman-owner');
  expect(look(server, 'postfix_lmtp', `${local}@${domain}`)).toBe(LMTP);
});

test('a list of that name that was made here is a list like any other', () => {
  const server = install();
  makeList(server, 'mailman@example.com');
  makeList(server, 'ant@example.org');
  expect(look(server, 'postfix_lmtp', 'mailman@example.com')).toBe(LMTP);
  expect(look(server, 'postfix_lmtp', 'mailman@example.org')).toBe('');
  expect(look(server, 'postfix_lmtp', 'mailman-loop@example.com')).toBe('');
});

test('the site list that mm_cfg.py names is to be named here', () => {
  const server = install();
  const settings = server.file('mm_cfg.py', "MAILMAN_SITE_LIST = 'staff'\n");
  const report = JSON.parse(
    server.mailman('migrate', 'inspect', '--json', '--mm-cfg', settings, SITE).stdout,
  );
  expect(report.site_list).toBe('staff');
  expect(report.mm_cfg.settings).toContainEqual(
    expect.objectContaining({
      name: 'MAILMAN_SITE_LIST',
      fate: 'suggested',
      text: '[legacy] site_list: staff',
    }),
  );
});
