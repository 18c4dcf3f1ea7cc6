import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readListDir } from '../../../migrate/import21/list-dir.ts';
import { Notes } from '../../../migrate/import21/report.ts';

const folder = mkdtempSync(join(tmpdir(), 'ferryman-links-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a template that is a link to nothing is named and left out; the others come', () => {
  mkdirSync(join(folder, 'en'));
  writeFileSync(join(folder, 'en', 'elsewhere.txt'), 'Your mail waits.\n');
  symlinkSync('elsewhere.txt', join(folder, 'en', 'postheld.txt'));
  symlinkSync('/nonexistent/invite.txt', join(folder, 'en', 'invite.txt'));
  symlinkSync('refuse.txt', join(folder, 'en', 'refuse.txt'));
  symlinkSync('/nonexistent', join(folder, 'de'));
  symlinkSync('/nonexistent', join(folder, 'no-language'));
  const notes = new Notes();
  const templates = readListDir(folder, { welcome: '', webPageUrl: '' }, notes);
  expect(templates).toContainEqual(
    expect.objectContaining({ language: 'en', source: { text: 'Your mail waits.\n' } }),
  );
  const needed = notes.all.filter(({ kind }) => kind === 'needs_person');
  expect(needed.map(({ subject, text }) => `${subject}: ${text}`)).toEqual([
    'de: left out: a link that leads nowhere',
    'en/invite.txt: left out: a link that leads nowhere',
    'en/refuse.txt: left out: a link that leads nowhere',
  ]);
});
