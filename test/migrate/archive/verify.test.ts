import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type VerifiedArchive, verifyArchive } from '../../../migrate/verify/verify-archive.ts';
import { timeZone } from '../../../src/archiving/legacy/time-zone.ts';
import type { VolumeFrequency } from '../../../src/archiving/legacy/volumes.ts';
import type { Archive } from '../../../src/archiving/store/archive.ts';
import { prepareMessage } from '../../../src/archiving/store/prepare.ts';
import { archivedLists, expectedArchive, oldArchives, SITE_ZONE } from '../../support/old-archives.ts';
import { importFile, LIST_ID, listWith, onEachArchive } from './archive.ts';

const FREQUENCIES: readonly VolumeFrequency[] = ['yearly', 'monthly', 'quarterly', 'weekly', 'daily'];
const TRAITS = { subjectPrefix: '', charsets: [] };

const folder = mkdtempSync(join(tmpdir(), 'ferryman-verify-archive-'));
let sites = 0;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function mail(number: number): string {
  return `From ant@example.com Mon Mar  4 10:0${number}:00 2019
From: ant@example.com
Date: Mon, 4 Mar 2019 10:0${number}:00 +0000
Message-ID: <${number}@example.com>
Subject: post ${number}

text ${number}, ${'long enough to be told from other files by its beginning '.repeat(6)}

`;
}

/** A site with the archive of one list in it. */
function siteWith(mbox: string | Buffer, tree?: string): { readonly path: string; readonly mbox: string } {
  sites += 1;
  const path = join(folder, String(sites));
  const file = join(path, 'archives/private/ant.mbox/ant.mbox');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, mbox);
  if (tree !== undefined) cpSync(tree, join(path, 'archives/private/ant'), { recursive: true });
  return { path, mbox: file };
}

function verified(
  archive: Archive,
  site: { readonly path: string },
  frequency?: VolumeFrequency,
): Promise<VerifiedArchive | undefined> {
  return verifyArchive(archive, site, {
    name: 'ant',
    list: listWith(frequency),
    traits: TRAITS,
    zone: timeZone(SITE_ZONE),
    onProgress: () => undefined,
  });
}

await onEachArchive('archives that are compared again', (open) => {
  it('are the same for each list of the recorded site, with pages and attachments', async () => {
    for (const name of archivedLists) {
      const { archive: recorded, config } = expectedArchive(name);
      const tree = oldArchives().tree(name);
      const site = siteWith(readFileSync(oldArchives().mbox(name)), tree);
      const archive = await open();
      const frequency = FREQUENCIES[config.archive_volume_frequency];
      const { messages } = await importFile(archive, site.mbox, {
        pipermail: join(site.path, 'archives/private/ant'),
        list: listWith(frequency),
      });
      const outcome = await verified(archive, site, frequency);
      expect(outcome?.differences).toEqual([]);
      expect(outcome).toMatchObject({
        compared: { messages, files: recorded.pipermail.attachments.length },
        arrived_here: 0,
        difference_count: 0,
      });
      expect(outcome?.compared.links).toBeGreaterThanOrEqual(recorded.pipermail.articles.length);
    }
  });

  it('differ where a message has come since, is gone, or leads elsewhere', async () => {
    const site = siteWith(mail(1) + mail(2) + mail(3));
    const archive = await open();
    await importFile(archive, site.mbox);
    expect(await verified(archive, site)).toMatchObject({
      compared: { messages: 3, links: 3 },
      differences: [],
    });
    const list = (await archive.list(LIST_ID))?.id ?? 0;
    const first = await archive.messageByOldPath(list, '2019-March/000000.html');
    const second = await archive.messageByOldPath(list, '2019-March/000001.html');
    await archive.deleteMessages([first?.id ?? 0]);
    await archive.setOldPaths(list, [{ path: '2019-March/000002.html', message: second?.id ?? 0 }]);
    appendFileSync(site.mbox, mail(4));
    const found = (await verified(archive, site))?.differences.map(({ kind, subject, here }) => ({
      kind,
      subject,
      here,
    }));
    expect(found).toEqual([
      { kind: 'archive_message', subject: 'message at octet 0, <1@example.com>', here: null },
      { kind: 'archive_link', subject: '2019-March/000002.html', here: '<2@example.com>' },
    ]);
    expect(await verified(archive, site)).toMatchObject({ compared: { messages: 4 }, come_since: 1 });
  });

  it('are the same where an mbox of one short message has grown since', async () => {
    const short = (number: number): string =>
      `From ant@example.com Mon Mar  4 10:0${number}:00 2019\nMessage-ID: <${number}@example.com>\n\nHello.\n\n`;
    const site = siteWith(short(1));
    const archive = await open();
    await importFile(archive, site.mbox);
    appendFileSync(site.mbox, Array.from({ length: 9 }, (_, index) => short(index)).join(''));
    expect(await verified(archive, site)).toMatchObject({ differences: [], come_since: 9 });
    expect(await importFile(archive, site.mbox)).toMatchObject({ added: 9, known: 0, resumed_at: 0 });
    expect(await verified(archive, site)).toMatchObject({ differences: [], come_since: 0 });
  });

  it('differ where a message has other bytes', async () => {
    const site = siteWith(mail(1) + mail(2));
    const archive = await open();
    await importFile(archive, site.mbox);
    writeFileSync(site.mbox, mail(1) + mail(2).replace('text 2', 'text two'));
    const outcome = await verified(archive, site);
    expect(outcome?.differences.map(({ subject }) => subject)).toEqual([
      `message at octet ${mail(1).length}, <2@example.com>`,
    ]);
  });

  it('are the same where a message has arrived here itself, with headers of this server', async () => {
    const site = siteWith(mail(1) + mail(2));
    const archive = await open();
    const { id } = await archive.openList(LIST_ID);
    const bytes = Buffer.from(`Received: here\n${mail(2).slice(mail(2).indexOf('\n') + 1)}`);
    await archive.add(id, [prepareMessage({ bytes, separator: 0, tail: 0 }, TRAITS, undefined)]);
    await importFile(archive, site.mbox);
    expect(await verified(archive, site)).toMatchObject({
      compared: { messages: 2 },
      arrived_here: 1,
      differences: [],
    });
  });

  it('count messages that are there twice as two', async () => {
    const site = siteWith(mail(1) + mail(1));
    const archive = await open();
    await importFile(archive, site.mbox);
    expect(await verified(archive, site)).toMatchObject({ compared: { messages: 2 }, differences: [] });
    const list = (await archive.list(LIST_ID))?.id ?? 0;
    const copy = await archive.messageByOldPath(list, '2019-March/000001.html');
    await archive.deleteMessages([copy?.id ?? 0]);
    expect((await verified(archive, site))?.differences.map(({ kind }) => kind)).toEqual(['archive_message']);
  });

  it('differ as a whole where nothing came over', async () => {
    const outcome = await verified(await open(), siteWith(mail(1)));
    expect(outcome?.differences).toEqual([
      { list: 'ant', kind: 'archive', subject: 'archive', source: `${mail(1).length} octets`, here: null },
    ]);
  });
});

describe('a list without an mbox', () => {
  it('has nothing to compare', async () => {
    const path = join(folder, 'none');
    mkdirSync(path);
    const wanted = { name: 'ant', list: listWith(), traits: TRAITS, zone: timeZone(SITE_ZONE) };
    const nothing = undefined as never;
    expect(
      await verifyArchive(nothing, { path }, { ...wanted, onProgress: () => undefined }),
    ).toBeUndefined();
  });
});
