import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { bareMessageId } from '../../../migrate/pipermail/bare-message-id.ts';
import { resolveOldPath } from '../../../src/archiving/legacy/resolve.ts';
import type { VolumeFrequency } from '../../../src/archiving/legacy/volumes.ts';
import type { Archive } from '../../../src/archiving/store/archive.ts';
import { messageIdHash } from '../../../src/message/message-id-hash.ts';
import {
  archivedLists,
  type ExpectedArchive,
  expectedArchive,
  oldArchives,
} from '../../support/old-archives.ts';
import { exported, importFile, LIST_ID, listWith, onEachArchive } from './archive.ts';

/** Article pages of the nine lists. */
const ALL_PAGES = 827;
/** Second copies of a page, in a volume that is not that of their message. */
const STRAYS = 15;
/** Without any date: in the volume of the day on which the archive was built. */
const UNDATED = 6;

const FREQUENCIES: readonly VolumeFrequency[] = ['yearly', 'monthly', 'quarterly', 'weekly', 'daily'];

/** Of all article pages, those that lead to the message they show, and the paths of the others. */
async function check(archive: Archive, expected: ExpectedArchive) {
  const list = await archive.list(LIST_ID);
  const missed: string[] = [];
  let right = 0;
  for (const { path, message_id } of expected.archive.pipermail.articles) {
    const target = await resolveOldPath(archive, list?.id ?? 0, path);
    const isRight = target?.kind === 'message' && (await shows(archive, target.message, message_id));
    if (isRight) right += 1;
    else missed.push(path);
  }
  return { right, missed };
}

/**
 * Whether the page of this Message-ID is this message: by its own Message-ID, or if Mailman made one up, because the
 * message has none or is the one in whose text Mailman saw another begin.
 */
async function shows(archive: Archive, message: { id: number; messageId: string }, pageId: string) {
  const wanted = bareMessageId(pageId) ?? '';
  if (bareMessageId(message.messageId) === wanted) return true;
  if (!wanted.startsWith('mailman.')) return false;
  const source = (await archive.content(message.id))?.message.toString('latin1') ?? '';
  const head = source.slice(0, source.indexOf('\n\n'));
  return !/^message-id:/im.test(head) || /^From (?:the north|bob@example\.org)/m.test(source);
}

await onEachArchive('the old links of the recorded site', (open) => {
  it('all lead to their messages, with the tree', async () => {
    let pages = 0;
    for (const name of archivedLists) {
      const expected = expectedArchive(name);
      const archive = await open();
      const report = await importFile(archive, oldArchives().mbox(name), {
        pipermail: oldArchives().tree(name),
        list: listWith(FREQUENCIES[expected.config.archive_volume_frequency]),
      });
      const { missed } = await check(archive, expected);
      expect(missed).toEqual([]);
      expect(report.old_links).toMatchObject({
        pages: expected.archive.pipermail.articles.length,
        mapped: expected.archive.pipermail.articles.length,
        kept_pages: 0,
        files: expected.archive.pipermail.attachments.length,
        problems: [],
      });
      pages += expected.archive.pipermail.articles.length;
    }
    expect(pages).toBe(ALL_PAGES);
  });

  it('all lead to their messages from the mbox alone', async () => {
    let pages = 0;
    let exact = 0;
    for (const name of archivedLists) {
      const expected = expectedArchive(name);
      const archive = await open();
      const list = listWith(FREQUENCIES[expected.config.archive_volume_frequency]);
      await importFile(archive, oldArchives().mbox(name), { list });
      const { missed } = await check(archive, expected);
      expect(missed).toEqual([]);
      const archived = await archive.list(LIST_ID);
      for (const { path, date, in_database: isIndexed } of expected.archive.pipermail.articles) {
        pages += 1;
        if (await archive.messageByOldPath(archived?.id ?? 0, path)) exact += 1;
        // Stray copies, and what pipermail dated by the clock of the day on which it built the archive (1 April 2009).
        else expect(!isIndexed || date?.startsWith('0123858'), `${name}/${path} ${date}`).toBe(true);
      }
    }
    expect({ pages, exact }).toEqual({ pages: ALL_PAGES, exact: ALL_PAGES - STRAYS - UNDATED });
  });

  it('keep the files that messages have lost to the old archive, byte for byte', async () => {
    const name = 'plain';
    const archive = await open();
    await importFile(archive, oldArchives().mbox(name), { pipermail: oldArchives().tree(name) });
    const list = await archive.list(LIST_ID);
    for (const path of expectedArchive(name).archive.pipermail.attachments) {
      const target = await resolveOldPath(archive, list?.id ?? 0, path);
      expect(target?.kind).toBe('file');
      if (target?.kind === 'file')
        expect(target.file.content.equals(readFileSync(`${oldArchives().tree(name)}/${path}`))).toBe(true);
    }
  });

  it('give back the mbox byte for byte', async () => {
    for (const name of ['talk-archive', 'nihongo-users']) {
      const archive = await open();
      await importFile(archive, oldArchives().mbox(name), { pipermail: oldArchives().tree(name) });
      expect((await exported(archive)).equals(readFileSync(oldArchives().mbox(name)))).toBe(true);
    }
  });

  it('know the Message-IDs that Mailman made up', async () => {
    const archive = await open();
    await importFile(archive, oldArchives().mbox('plain'), { pipermail: oldArchives().tree('plain') });
    const list = await archive.list(LIST_ID);
    const madeUp = '<mailman.54.1261895607.10882.plain@lists.example.com>';
    const found = await archive.messageByHash(list?.id ?? 0, messageIdHash(madeUp.slice(1, -1)));
    const [path = ''] = expectedArchive('plain').archive.pipermail.by_message_id[madeUp] ?? [];
    expect(await archive.messageByOldPath(list?.id ?? 0, path)).toMatchObject({ id: found?.id });
  });
});
