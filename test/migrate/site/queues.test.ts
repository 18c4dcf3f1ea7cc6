import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { PyBytes, PyDict } from '../../../migrate/pickle/values.ts';
import { writePickle } from '../../../migrate/pickle/writer.ts';
import { queueFiles, readQueueFile } from '../../../migrate/queues/queue-files.ts';
import { openSite } from '../../../migrate/site/site.ts';
import { listIdOf, SITE } from './fixture-site.ts';
import { openSiteBench } from './site-bench.ts';

const folder = mkdtempSync(join(tmpdir(), 'ferryman-queues-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const MAIL =
  'From: anna@example.com\nTo: plain@lists.example.com\nSubject: x\nMessage-ID: <q@example.com>\n\nText\n';

/** A site with one list and these entries in queues. */
function siteWith(
  entries: readonly {
    queue: string;
    mail?: string;
    metadata: Record<string, string | number | boolean | string[]>;
  }[],
): string {
  const site = join(folder, `site${Math.random()}`);
  cpSync(join(SITE, 'lists/plain'), join(site, 'lists/plain'), { recursive: true });
  for (const [index, { queue, mail = MAIL, metadata }] of entries.entries()) {
    mkdirSync(join(site, 'qfiles', queue), { recursive: true });
    const values = Object.entries({ listname: 'plain', version: 3, ...metadata }).map(
      ([key, value]): [PyBytes, PyBytes | number | boolean | PyBytes[]] => [
        new PyBytes(key),
        typeof value === 'string'
          ? new PyBytes(value)
          : Array.isArray(value)
            ? value.map((one) => new PyBytes(one))
            : value,
      ],
    );
    const name = `171048864${index}.5+${createHash('sha1').update(String(index)).digest('hex')}.pck`;
    const bytes = Buffer.concat([writePickle(new PyBytes(mail), 0), writePickle(new PyDict(values))]);
    writeFileSync(join(site, 'qfiles', queue, name), bytes);
  }
  return site;
}

async function queuedFrom(
  site: string,
): Promise<{ queue: string; metadata: Record<string, unknown>; error: string | null }[]> {
  const bench = await openSiteBench();
  await bench.run(site, { queues: true });
  const rows = await bench.database
    .connection('queue_entry')
    .orderBy('entry_id')
    .select<{ queue: string; metadata: string; error: string | null }[]>('queue', 'metadata', 'error');
  await bench.close();
  return rows.map(({ queue, metadata, error }) => ({
    queue,
    error,
    metadata: JSON.parse(metadata) as Record<string, unknown>,
  }));
}

test.each<[string, Record<string, string | number | boolean | string[]>, string, Record<string, unknown>]>([
  ['in', { tolist: 1 }, 'in', { to_list: true }],
  ['in', { toowner: 1 }, 'in', { to_owner: true, subaddress: 'owner' }],
  ['commands', { torequest: 1 }, 'command', { subaddress: 'request', to_request: true }],
  ['commands', { tojoin: 1 }, 'command', { subaddress: 'join' }],
  ['commands', { toleave: 1 }, 'command', { subaddress: 'leave' }],
  ['bounces', {}, 'bounces', { subaddress: 'bounces' }],
  [
    'virgin',
    { recips: ['a@example.org'], nodecorate: 1, reduced_list_headers: 1 },
    'virgin',
    { recipients: ['a@example.org'], nodecorate: true, reduced_list_headers: true },
  ],
  [
    'out',
    { recips: ['a@example.org', 'B@example.org'] },
    'pipeline',
    { pipeline: 'outgoing', recipients: ['a@example.org', 'B@example.org'] },
  ],
  [
    'retry',
    { recips: ['a@example.org'], decorated: true },
    'pipeline',
    { pipeline: 'outgoing', nodecorate: true },
  ],
  ['archive', {}, 'archive', {}],
  ['news', {}, 'nntp', {}],
  [
    'shunt',
    { whichq: '/usr/local/mailman/qfiles/commands', tojoin: 1 },
    'shunt',
    { whichq: 'command', subaddress: 'join' },
  ],
])('an entry of %s with %j goes into %s', async (queue, metadata, wanted, expected) => {
  const [entry] = await queuedFrom(siteWith([{ queue, metadata }]));
  expect(entry?.queue).toBe(wanted);
  expect(entry?.metadata).toMatchObject({ listid: listIdOf('plain'), ...expected });
});

test('a confirmation keeps its token', async () => {
  const token = 'a'.repeat(40);
  const mail = MAIL.replace('plain@', `plain-confirm+${token}@`);
  const [entry] = await queuedFrom(siteWith([{ queue: 'commands', mail, metadata: { toconfirm: 1 } }]));
  expect(entry?.metadata).toMatchObject({ subaddress: 'confirm', extension: token });
});

test('entries of lists that are not there, and what is no entry, are left out', async () => {
  const site = siteWith([{ queue: 'in', metadata: { listname: 'nobody', tolist: 1 } }]);
  writeFileSync(join(site, 'qfiles/in', 'README'), 'x');
  writeFileSync(join(site, 'qfiles/in', `1.5+${'b'.repeat(40)}.pck`), 'damaged');
  expect(await queuedFrom(site)).toEqual([]);
});

test('an entry that was in work when Mailman stopped is there under .bak', () => {
  const site = siteWith([{ queue: 'in', metadata: { tolist: 1 } }]);
  const [file] = queueFiles(openSite(site));
  if (!file) throw new Error('no file');
  writeFileSync(file.path.replace(/\.pck$/, '.bak'), readFileSync(file.path));
  rmSync(file.path);
  const [again] = queueFiles(openSite(site));
  expect(again && readQueueFile(again).message.toString()).toBe(MAIL);
});
