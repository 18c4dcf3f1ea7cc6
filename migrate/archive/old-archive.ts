import { articleName } from '../../src/archiving/legacy/volumes.ts';
import type { ArchiveReader, ArchiveWriter } from '../../src/archiving/store/archive.ts';
import type { PipermailTree } from '../pipermail/tree.ts';
import { fileAt, type TreeFile, treeFiles } from '../pipermail/tree-files.ts';
import type { OldLinksReport } from './report.ts';

type Store = Pick<ArchiveReader & ArchiveWriter, 'messageByOldPath' | 'oldFile' | 'setOldFile'>;

/** How many pages are named in the report. */
const NAMED = 20;

/**
 * Takes over what is left of a pipermail tree when its mbox has been read: attachments and other files, and the pages
 * of messages that the mbox does not have. Files that are there already and have not changed are left alone.
 * @param archive undefined in a dry run
 * @param hasMore whether pages may belong to messages that were imported before
 */
export async function importOldArchive(
  archive: Store | undefined,
  list: number,
  tree: PipermailTree,
  hasMore: boolean,
): Promise<OldLinksReport> {
  const problems = [...tree.problems];
  let files = 0;
  for await (const file of treeFiles(tree.root, (path, problem) => problems.push(`${path}: ${problem}`))) {
    if (await storeFile(archive, list, file, problems)) files += 1;
  }
  const kept: string[] = [];
  let lost = 0;
  for (const page of tree.pages.unused()) {
    const path = `${tree.pages.volume(page)}/${articleName(tree.pages.number(page))}`;
    if (hasMore && (await archive?.messageByOldPath(list, path))) continue;
    const file = await fileAt(tree.root, path);
    lost += 1;
    if (kept.length < NAMED) kept.push(path);
    if (file) await storeFile(archive, list, file, problems);
  }
  const pages = tree.pages.size;
  const mapped = pages - lost;
  return {
    folder: tree.root,
    pages,
    mapped,
    kept_pages: lost,
    kept_pages_named: kept,
    files,
    problems,
  };
}

async function storeFile(
  archive: Store | undefined,
  list: number,
  file: TreeFile,
  problems: string[],
): Promise<boolean> {
  if (!archive) return true;
  const { path, type, size, modified } = file;
  const stored = await archive.oldFile(list, path);
  if (stored?.modified === modified && stored.content.length === size) return true;
  const content = await file.read().catch(() => undefined);
  if (!content) {
    problems.push(`${path}: cannot be read`);
    return false;
  }
  await archive.setOldFile(list, path, { type, content, modified });
  return true;
}
