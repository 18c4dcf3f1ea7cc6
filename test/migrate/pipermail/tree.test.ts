import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { messageIdOfPage } from '../../../migrate/pipermail/article-page.ts';
import { PipermailError } from '../../../migrate/pipermail/errors.ts';
import { PageMatcher } from '../../../migrate/pipermail/page-matcher.ts';
import { PageTable } from '../../../migrate/pipermail/page-table.ts';
import { readTree } from '../../../migrate/pipermail/tree.ts';
import { fileAt, treeFiles } from '../../../migrate/pipermail/tree-files.ts';
import { archivedLists, expectedArchive, oldArchives } from '../../support/old-archives.ts';

const folder = mkdtempSync(join(tmpdir(), 'ferryman-tree-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const LINK = '<LINK REL="made" HREF="mailto:x%40y?Subject=Re%3A%20a&In-Reply-To=';

describe('a page', () => {
  it.each([
    [`${LINK}%3Ca%2Bb%40example.com%3E">`, 'a+b@example.com'],
    [`${LINK}<a@example.com>">`, 'a@example.com'],
    [`${LINK}&lt;a@example.com&gt;">`, 'a@example.com'],
    [`${LINK}%3Ca%40example.com%3E%20%28comment%29">`, 'a@example.com'],
    [`${LINK}">`, undefined],
    ['<LINK REL="made">', undefined],
  ])('with %s names %s', (html, messageId) => {
    expect(messageIdOfPage(Buffer.from(html))).toBe(messageId);
  });
});

describe('a tree', () => {
  it('has all pages of the recorded site', async () => {
    for (const list of archivedLists) {
      const { pages, volumes, problems } = await readTree(oldArchives().tree(list));
      const { pipermail } = expectedArchive(list).archive;
      expect(pages.size).toBe(pipermail.articles.length);
      expect(volumes).toEqual(expect.arrayContaining([...pipermail.volumes]));
      expect(problems).toEqual([]);
    }
  });

  it('is read from its databases where the pages are gone', async () => {
    const { cpSync } = await import('node:fs');
    const copy = join(folder, 'pageless');
    cpSync(oldArchives().tree('help-request'), copy, { recursive: true });
    for (const { path } of expectedArchive('help-request').archive.pipermail.articles)
      rmSync(join(copy, path));
    const { pages } = await readTree(copy);
    expect(pages.size).toBe(2);
    expect(pages.withMessageId('1$c0e914f924$0100007f@example.com')).toHaveLength(1);
  });

  it('does not lead out of its folder', async () => {
    const root = join(folder, 'links');
    mkdirSync(join(root, 'attachments/20030304'), { recursive: true });
    mkdirSync(join(root, '2003-March'));
    writeFileSync(join(root, 'index.html'), '');
    writeFileSync(join(root, 'attachments/20030304/a.txt'), 'a');
    symlinkSync('/etc/passwd', join(root, 'attachments/20030304/b.txt'));
    symlinkSync('/etc', join(root, 'attachments/etc'));
    symlinkSync('/etc/passwd', join(root, '2003-March/000000.html'));
    expect((await readTree(root)).pages.size).toBe(0);
    const problems: string[] = [];
    const files = [];
    for await (const { path } of treeFiles(root, (path) => problems.push(path))) files.push(path);
    expect(files).toEqual(['attachments/20030304/a.txt']);
    expect(problems).toEqual(['attachments/20030304/b.txt', 'attachments/etc']);
    expect(await fileAt(root, '2003-March/000000.html')).toBe(undefined);
  });

  it('reads no databases through links, and waits for no pipe', async () => {
    const root = join(folder, 'elsewhere');
    mkdirSync(join(root, '2003-March'), { recursive: true });
    symlinkSync(join(oldArchives().tree('help-request'), 'database'), join(root, 'database'));
    execFileSync('mkfifo', [join(root, 'pipermail.pck')]);
    const { pages, problems } = await readTree(root);
    expect(pages.size).toBe(0);
    expect(problems).toContain('pipermail.pck: is no file');
  });

  it('is refused where there is none', async () => {
    await expect(readTree(join(folder, 'nowhere'))).rejects.toThrow(PipermailError);
    await expect(readTree(tmpdir())).rejects.toThrow(/not an archive of pipermail/);
  });
});

describe('pages and messages', () => {
  function matcher(...pages: readonly (readonly [number: number, messageId: string | undefined])[]) {
    const table = new PageTable();
    table.addVolume('2003-March');
    for (const [number, messageId] of pages) table.add(number, messageId);
    table.finish();
    const match = new PageMatcher(table);
    return (...ids: readonly (string | undefined)[]) =>
      ids.map((id, place) => match.match(place, id)?.number);
  }

  it('go side by side', () => {
    expect(matcher([0, 'a'], [1, 'b'], [2, 'c'])('a', 'b', 'c')).toEqual([0, 1, 2]);
  });

  it('find each other where messages were taken out, put in, or came before', () => {
    expect(matcher([0, 'a'], [1, 'b'], [2, 'c'], [3, 'd'])('a', 'c', 'd')).toEqual([0, 2, 3]);
    expect(matcher([0, 'a'], [1, 'b'])('new', 'a', 'b')).toEqual([undefined, 0, 1]);
    expect(matcher([100, 'a'], [101, 'b'])('a', 'b')).toEqual([100, 101]);
  });

  it('of the same Message-ID keep their order', () => {
    expect(matcher([0, 'a'], [1, 'b'], [2, 'a'])('a', 'b', 'a', 'a')).toEqual([0, 1, 2, undefined]);
  });

  it('without Message-ID take their turn, and nothing that is of another', () => {
    const madeUp = 'mailman.1.1261895607.10882.plain@example.com';
    expect(matcher([0, 'a'], [1, madeUp], [2, 'b'])('a', undefined, 'b')).toEqual([0, 1, 2]);
    expect(matcher([0, 'a'], [1, 'b'])('a', undefined, 'b')).toEqual([0, undefined, 1]);
  });
});
