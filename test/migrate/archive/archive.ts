import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import {
  type ArchiveImportOptions,
  type ArchiveImportReport,
  importArchive,
  openMboxFile,
} from '../../../migrate/archive/index.ts';
import { timeZone } from '../../../src/archiving/legacy/time-zone.ts';
import type { VolumeFrequency } from '../../../src/archiving/legacy/volumes.ts';
import type { Archive } from '../../../src/archiving/store/archive.ts';
import { openArchiveAt } from '../../../src/archiving/store/open.ts';
import type { MailingList } from '../../../src/model/mailing-list.ts';
import { onServer, sqlitePlace } from '../../database/dialects.ts';
import { sampleList } from '../../database/samples.ts';
import { SITE_ZONE } from '../../support/old-archives.ts';

const folder = mkdtempSync(join(tmpdir(), 'ferryman-archive-import-'));
const opened: Archive[] = [];
let files = 0;

afterAll(async () => {
  for (const archive of opened.splice(0)) await archive.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens an archive of its own. */
export type OpenArchive = (url?: string) => Promise<Archive>;

/** Runs the same tests on SQLite and PostgreSQL. */
export async function onEachArchive(
  title: string,
  tests: (open: OpenArchive, freshUrl: () => Promise<string>) => void,
): Promise<void> {
  const { describe } = await import('vitest');
  const { freshUrl } = sqlitePlace();
  describe(`${title} on SQLite`, () => tests(opener(freshUrl), freshUrl));
  await onServer('postgresql', `${title} on PostgreSQL`, (place) =>
    tests(opener(place.freshUrl), place.freshUrl),
  );
}

function opener(freshUrl: () => Promise<string>): OpenArchive {
  return async (url) => {
    const archive = await openArchiveAt(url ?? (await freshUrl()));
    opened.push(archive);
    return archive;
  };
}

/** Writes an mbox and gives its path. */
export function mboxFile(content: string | Uint8Array, name?: string): string {
  files += 1;
  const path = join(folder, name ?? `${files}.mbox`);
  writeFileSync(path, typeof content === 'string' ? Buffer.from(content, 'latin1') : content);
  return path;
}

export const LIST_ID = 'ant.example.com';

/** A list whose pipermail begins a new volume so often. */
export function listWith(frequency: VolumeFrequency = 'monthly'): MailingList {
  const list = sampleList('ant');
  return { ...list, listId: LIST_ID, settings: { ...list.settings, archive_volume_frequency: frequency } };
}

/** Imports a file; the old web archive only where it is given. */
export async function importFile(
  archive: Archive | undefined,
  path: string,
  options: Partial<ArchiveImportOptions> = {},
): Promise<ArchiveImportReport> {
  const source = await openMboxFile(path);
  try {
    return await importArchive(archive, {
      list: listWith(),
      traits: { subjectPrefix: '', charsets: [] },
      source,
      pipermail: undefined,
      zone: timeZone(SITE_ZONE),
      since: undefined,
      firstNumber: 0,
      onProgress: () => undefined,
      ...options,
    });
  } finally {
    await source.close();
  }
}

/** The whole mbox as the archive gives it back. */
export async function exported(archive: Archive): Promise<Buffer> {
  const list = await archive.list(LIST_ID);
  if (!list) throw new Error('no list');
  const chunks: Buffer[] = [];
  for await (const chunk of archive.mbox({ list: list.id })) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A message of a generated mbox; every one has another date and Message-ID. */
export function sampleMessage(number: number, body = `body ${number}\n`): string {
  const date = new Date(Date.UTC(2003, 2, 4, 10, 11, 12) + number * 3_600_000);
  const clock = date.toISOString().slice(11, 19);
  const day = date.toUTCString().slice(0, 16);
  const [weekday = '', dayOfMonth = '', month = '', year = ''] = day.replace(',', '').split(' ');
  return (
    `From ant@example.com ${weekday} ${month} ${dayOfMonth} ${clock} ${year}\n` +
    `From: Ant <ant@example.com>\nTo: list@example.com\nDate: ${day} ${clock} +0000\n` +
    `Subject: subject ${number % 7}\nMessage-ID: <${number}@example.com>\n\n${body}\n`
  );
}
