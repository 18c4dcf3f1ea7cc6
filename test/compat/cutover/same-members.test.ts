import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { CutoverSite, PATIENCE } from './cutover-site.ts';

vi.setConfig(PATIENCE);

const LIST = 'plain@lists.example.com';
const ANNA = 'anna@example.com';
let site: CutoverSite;

beforeAll(async () => {
  site = await CutoverSite.open(['plain']);
});

afterAll(() => site?.close());

const observe = (...options: string[]) => site.installation.mailman('cutover', 'observe', ...options, LIST);
const again = (): string =>
  site.run('migrate', 'run', site.mailman2.varDir, '--list', 'plain', '--no-archives', '--again');

test('a list is not observed while somebody is a member there and not here, which the import mends', () => {
  site.installation.sql(`DELETE FROM member WHERE email = '${ANNA}' AND role = 'member'`);
  const { status, stderr } = observe();
  expect(status).toBe(1);
  expect(stderr).toContain(`${LIST}: not the same at Mailman 2 and here: members[${ANNA}]; `);
  // What has been followed once is not behind, so a rehearsal sees it too.
  expect(observe('--dry-run')).toMatchObject({ status: 1, stdout: '', stderr });
  expect(site.run('cutover', 'status', LIST)).toContain(': legacy since');
  expect(stderr).toContain(
    `"mailman migrate run ${site.mailman2.varDir} --list plain --no-archives --again" makes it as it is there`,
  );
  again();
  expect(observe('--dry-run').status).toBe(0);
});

test('nor while somebody is one here and not there', () => {
  const paula = 'paula.owner@example.com';
  site.installation.sql("UPDATE member SET role = 'member' WHERE email = ? AND role = 'owner'", paula);
  const { status, stderr } = observe();
  expect(status).toBe(1);
  expect(stderr).toContain(`members[${paula}]; `);
  again();
  expect(observe('--dry-run').status).toBe(0);
});

test('other differences are left to the comparison of all, which is asked for before members change sides', () => {
  site.installation.sql(
    "UPDATE mailing_list SET settings = json_set(settings, '$.description', 'another one')",
  );
  expect(observe().status).toBe(0);
  expect(site.run('cutover', 'status', LIST)).toContain(': observe since');
});
