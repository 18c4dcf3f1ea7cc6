import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { CutoverSite, PATIENCE } from './cutover-site.ts';

vi.setConfig(PATIENCE);

const LIST = 'plain@lists.example.com';
let site: CutoverSite;

beforeAll(async () => {
  site = await CutoverSite.open(['plain'], '', (mailman2) => {
    mailman2.run('remove_members', ['-f', '-', 'plain'], mailman2.run('list_members', ['plain']));
    const people = Array.from({ length: 10 }, (_, index) => `person${index}@members.example`);
    mailman2.run('add_members', ['-r', '-', 'plain'], people.join('\n'));
  });
});

afterAll(() => site?.close());

/** Rehearses a step. @returns what it says, without the first line */
function rehearse(...argv: readonly string[]): string {
  const before = site.everything();
  expect(Object.keys(before)).toEqual(
    expect.arrayContaining([
      'var/data/mailman.db',
      'var/data/postfix_vmap',
      'mailman2/var/lists/plain/config.pck',
    ]),
  );
  const said = site.run('cutover', ...argv, '--dry-run', LIST);
  expect(site.everything()).toEqual(before);
  expect(said).toContain('(nothing changed: dry run)');
  return said.slice(said.indexOf('\n') + 1);
}

test('what Mailman 2 has changed is not taken over by a rehearsal, and does not stand in its way', () => {
  site.mailman2.run('add_members', ['-r', '-', 'plain'], 'late@members.example');
  expect(rehearse('observe')).toContain('its posts come here as well');
  site.mailman2.run('remove_members', ['plain', 'late@members.example']);
});

/** Rehearses a step while something of Mailman 2 is away. @returns why it is refused */
function refusal(missing: string, ...argv: readonly string[]): string {
  renameSync(missing, `${missing}.away`);
  const { stderr } = site.installation.mailman('cutover', ...argv, '--dry-run', LIST);
  renameSync(`${missing}.away`, missing);
  return stderr;
}

test('each step of a cutover is rehearsed, there and back, and nothing at all is changed', () => {
  expect(rehearse('observe')).toBe('  its posts come here as well; nothing is sent from here\n');
  site.run('cutover', 'observe', LIST);
  expect(rehearse('rollback')).toContain('Mailman 2 delivers to all, and no copies come here');
  expect(rehearse('alongside')).toContain('Mailman 2 still delivers to all');
  expect(rehearse('alongside', '--percent', '30')).toContain('  3 members handed over by Mailman 2\n');
  const withlist = join(site.mailman2.binDir, 'withlist');
  expect(refusal(withlist, 'alongside', '--percent', '30')).toContain(
    `${withlist} is not there; see [cutover] mailman2_bin_dir`,
  );
  expect(rehearse('lead')).toContain('all its mail comes here, and Mailman 2 gets nothing more');
  const locks = join(site.mailman2.varDir, 'locks');
  expect(refusal(locks, 'lead')).toContain(`nothing can be written to ${locks} of Mailman 2 (no such file`);
  expect(readdirSync(locks).filter((name) => name.startsWith('plain'))).toEqual([]);
  site.run('cutover', 'alongside', LIST, '--percent', '30');
  expect(rehearse('alongside', '--percent', '50')).toContain('  2 members handed over by Mailman 2\n');
  expect(rehearse('alongside', '--back', '--everybody')).toContain('  3 members handed back to Mailman 2\n');
  expect(rehearse('rollback')).toContain('  3 members handed back to Mailman 2\n');
  expect(rehearse('lead')).toContain('all its mail comes here');
  site.installation.sql("UPDATE cutover SET handing_over = handing_over + 1 WHERE mailman2_name = 'plain'");
  expect(rehearse('lead')).toContain(
    '  a change of sides that was interrupted, or is under way, is settled first\n',
  );
  site.run('cutover', 'lead', '--yes', LIST);
  expect(rehearse('rollback')).toContain('  10 members go back to Mailman 2\n');
  expect(rehearse('finish', '--quiet-days', '0')).toContain('Mailman 2 has nothing more to do with the list');
});
