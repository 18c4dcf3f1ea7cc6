import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inspectSite } from '../../../migrate/site/inspect.ts';
import { openSite, type Site } from '../../../migrate/site/site.ts';
import { verifyList } from '../../../migrate/verify/verify-list.ts';
import { SITE } from './fixture-site.ts';
import { openSiteBench, type SiteBench } from './site-bench.ts';

/** A file that is there, and gives an error to whoever reads it: also to root, for whom rights mean nothing. */
const UNREADABLE = '/proc/self/mem';

let folder: string;
let site: Site;
let bench: SiteBench;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ferryman-unreadable-'));
  for (const name of ['plain', 'staff', 'announce', 'vereinsrundbrief', 'chapter-south'])
    cpSync(join(SITE, 'lists', name), join(folder, 'lists', name), { recursive: true });
  cpSync(join(SITE, 'data'), join(folder, 'data'), { recursive: true });
  symlinkSync('nowhere', join(folder, 'lists', 'unmounted'));
  mkdirSync(join(folder, 'archives/private/chapter-south.mbox'), { recursive: true });
  hide('lists/plain/config.pck');
  hide('lists/staff/config.pck');
  hide('lists/vereinsrundbrief/de/subscribeack.txt');
  hide('data/heldmsg-announce-2.pck');
  hide('data/adm.pw');
  hide('data/aliases');
  site = openSite(folder);
  bench = await openSiteBench();
});

afterAll(async () => {
  await bench.close();
  rmSync(folder, { recursive: true, force: true });
});

function hide(path: string): void {
  rmSync(join(folder, path), { force: true });
  symlinkSync(UNREADABLE, join(folder, path));
}

test('an inspection names each file that cannot be read, and goes on', () => {
  const context = { site, domainOf: new Map(), languages: new Set(['en', 'de']), now: bench.clock.now() };
  const { findings, lists } = inspectSite(context, site.listNames, '-_.+a-z0-9', () => undefined);
  const found = findings
    .filter(({ text }) => text.includes('cannot be read') && !text.includes('damaged'))
    .map(({ list, subject }) => `${list ?? 'site'}: ${subject}`);
  expect(found.sort()).toEqual([
    'announce: held message',
    'plain: config.pck',
    'site: aliases',
    'site: passwords',
    'staff: config.pck',
    'vereinsrundbrief: templates',
  ]);
  expect(findings.map(({ text }) => text)).toContain('the folder unmounted holds no list');
  expect(lists.find(({ name }) => name === 'chapter-south')?.members).toBe(4);
});

test('a run brings nothing by half, nor a backup for a file that it may not read, and says all of it', async () => {
  const { lists, failed, site: rest } = await bench.run(folder);
  expect(lists.map(({ name }) => name)).toEqual(['chapter-south']);
  expect(failed.map(({ name }) => name)).toEqual(['announce', 'plain', 'staff', 'vereinsrundbrief']);
  expect(rest.notes.filter(({ subject }) => subject === 'passwords').map(({ text }) => text)).toEqual([
    expect.stringMatching(/adm\.pw cannot be read/),
  ]);
});

test('a held post that may not be read is a difference, not damage of the old site', async () => {
  const { connection } = bench.database;
  await bench.run(SITE, { lists: ['announce'] });
  const options = { domainOf: new Map(), now: bench.clock.now() };
  const { differences, damaged_there } = await verifyList(connection, site, 'announce', options);
  expect(differences.map(({ subject }) => subject)).toEqual([
    expect.stringMatching(/announce-2\.pck cannot be/),
  ]);
  expect(damaged_there).toEqual([]);
});
