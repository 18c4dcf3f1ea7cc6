import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { importArchive, openMboxFile } from '../../migrate/archive/index.ts';
import { timeZone } from '../../src/archiving/legacy/time-zone.ts';
import { listTraits } from '../../src/archiving/list-traits.ts';
import { volumeFrequencies } from '../../src/model/enums.ts';
import { archivedLists, expectedArchive, oldArchives, SITE_ZONE } from '../support/old-archives.ts';
import { makeSite, type Site } from './site.ts';

/** `archive_volume_frequency` as Mailman 2.1 numbers it. */
const FREQUENCIES = ['yearly', 'monthly', 'quarterly', 'weekly', 'daily'] as const;

let site: Site;

beforeAll(async () => {
  site = await makeSite();
});

afterAll(() => site.close());

describe.each(archivedLists)('the old archive of %s', (name) => {
  const { config, archive } = expectedArchive(name);
  const base = `/pipermail/${encodeURIComponent(name)}`;

  beforeAll(async () => {
    const archive_volume_frequency = FREQUENCIES[config.archive_volume_frequency] ?? 'monthly';
    expect(volumeFrequencies).toContain(archive_volume_frequency);
    const list = await site.makeList(`${name}@lists.example.com`, { archive_volume_frequency });
    const source = await openMboxFile(oldArchives().mbox(name));
    await importArchive(site.archive, {
      list,
      traits: listTraits(site.services.config, list),
      source,
      pipermail: oldArchives().tree(name),
      zone: timeZone(SITE_ZONE),
      since: undefined,
      firstNumber: 0,
      onProgress: () => undefined,
    });
    await source.close();
  });

  test('leads from every article to its message', async () => {
    for (const [messageId, paths] of Object.entries(archive.pipermail.by_message_id)) {
      const [path = ''] = paths;
      const moved = await site.app.inject(`${base}/${path}`);
      expect(moved.statusCode, path).toBe(301);
      const location = String(moved.headers.location);
      const raw = await site.app.inject(location.replace(/(?=\?|$)/, 'raw/'));
      expect(raw.statusCode, location).toBe(200);
      const own = messageId.slice(1, -1);
      // Where a mail had no Message-ID, Mailman made one up that names the list.
      if (!own.startsWith('mailman.')) expect(raw.body, path).toContain(own);
    }
  });

  test('leads from every article to a page', async () => {
    for (const { path } of archive.pipermail.articles) {
      const moved = await site.app.inject(`${base}/${path}`);
      expect(moved.statusCode, path).toBe(301);
      const page = await site.app.inject(String(moved.headers.location));
      expect(page.statusCode, path).toBe(200);
      expect(page.rawPayload.length, path).toBeLessThan(150_000);
    }
  });

  test('has its volumes and attachments', async () => {
    for (const volume of archive.pipermail.volumes) {
      for (const page of ['thread.html', 'subject.html', 'author.html', 'date.html']) {
        const moved = await site.app.inject(`${base}/${volume}/${page}`);
        expect(moved.statusCode, volume).toBe(301);
        const [path = ''] = String(moved.headers.location).split('#');
        expect((await site.app.inject(path)).statusCode, path).toBe(200);
      }
    }
    for (const path of archive.pipermail.attachments) {
      expect((await site.app.inject(`${base}/${path}`)).statusCode, path).toBe(200);
    }
  });

  test('shows every thread', async () => {
    const archived = await site.archive.list(`${name}.lists.example.com`);
    for (let after: string | undefined, first = true; first || after !== undefined; first = false) {
      const threads = await site.archive.recentThreads(archived?.id ?? 0, { limit: 100, after });
      for (const { hash } of threads.items) {
        const page = await site.app.inject(
          `/archives/list/${encodeURIComponent(name)}@lists.example.com/thread/${hash}/`,
        );
        expect(page.statusCode, hash).toBe(200);
        expect(page.rawPayload.length, hash).toBeLessThan(150_000);
      }
      after = threads.next;
    }
  });
});
