import type { Dirent } from 'node:fs';
import { lstat, open, readdir, readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseVolumeName } from '../../src/archiving/legacy/volumes.ts';
import { errorCode } from '../../src/errors.ts';
import { messageIdOfPage, PAGE_HEAD } from './article-page.ts';
import { bareMessageId } from './bare-message-id.ts';
import { readArticleDatabase, readPipermailState } from './databases.ts';
import { MarshalError, PipermailError } from './errors.ts';
import { PageTable } from './page-table.ts';

/**
 * Reads the folder of a list's archive (`archives/private/LIST`). Message-IDs come from the pages, and where a page
 * tells none or is gone, from pipermail's databases. Symbolic links in the folder are not followed: what they lead to
 * is not the list's.
 */
export interface PipermailTree {
  readonly root: string;
  readonly pages: PageTable;
  /** Volumes that there are, in no order. */
  readonly volumes: readonly string[];
  /** The number that the next message would have got; undefined where `pipermail.pck` does not tell. */
  readonly nextNumber: number | undefined;
  /** What could not be read, a line each. */
  readonly problems: readonly string[];
}

const ARTICLE = /^(\d{6,9})\.html$/;

/** Larger databases are no use: the pages say the same. */
const LARGEST_DATABASE = 256 * 1024 * 1024;

/** @throws PipermailError where the folder is no archive */
export async function readTree(
  folder: string,
  onProgress: (pages: number) => void = () => undefined,
): Promise<PipermailTree> {
  const root = await realpath(folder).catch(() => undefined);
  const entries = root === undefined ? undefined : await listFolder(root);
  if (root === undefined || !entries) throw new PipermailError(`${folder}: cannot be read as a folder`);
  const volumes = entries
    .filter((entry) => entry.isDirectory() && parseVolumeName(entry.name) !== undefined)
    .map(({ name }) => name)
    .sort();
  const hasState = entries.some(({ name }) => name === 'pipermail.pck' || name === 'database');
  if (volumes.length === 0 && !hasState && !entries.some(({ name }) => name === 'index.html')) {
    throw new PipermailError(
      `${folder}: not an archive of pipermail (expected folders such as 2019-March, or index.html)`,
    );
  }
  const pages = new PageTable();
  const problems: string[] = [];
  for (const volume of volumes) await readVolume(root, volume, pages, problems, onProgress);
  pages.finish();
  const state = hasState ? await readState(root, problems) : undefined;
  return { root, pages, volumes, nextNumber: state?.nextNumber, problems };
}

async function readVolume(
  root: string,
  volume: string,
  pages: PageTable,
  problems: string[],
  onProgress: (pages: number) => void,
): Promise<void> {
  pages.addVolume(volume);
  const found = new Map<number, string | undefined>();
  for (const entry of (await listFolder(join(root, volume))) ?? []) {
    const match = entry.isFile() ? ARTICLE.exec(entry.name) : undefined;
    if (!match) continue;
    const path = join(root, volume, entry.name);
    const head = await readHead(path);
    if (!head) problems.push(`${volume}/${entry.name}: cannot be read`);
    found.set(Number(match[1]), head && messageIdOfPage(head));
  }
  if (found.size === 0 || [...found.values()].includes(undefined))
    await addFromDatabase(root, volume, found, problems);
  for (const [number, messageId] of found) pages.add(number, messageId);
  onProgress(pages.size);
}

async function addFromDatabase(
  root: string,
  volume: string,
  found: Map<number, string | undefined>,
  problems: string[],
): Promise<void> {
  const name = `database/${volume}-article`;
  const bytes = await readDatabase(root, name, problems);
  if (!bytes) return;
  try {
    const { articles, unreadable } = readArticleDatabase(bytes);
    if (unreadable > 0) problems.push(`${name}: ${unreadable} records cannot be read`);
    const isWithoutPages = found.size === 0;
    for (const { number, messageId } of articles) {
      if (isWithoutPages || (found.has(number) && found.get(number) === undefined))
        found.set(number, bareMessageId(messageId));
    }
  } catch (error) {
    if (!(error instanceof MarshalError)) throw error;
    problems.push(`${name}: ${error.message}`);
  }
}

async function readState(root: string, problems: string[]) {
  const bytes = await readDatabase(root, 'pipermail.pck', problems);
  const state = bytes && readPipermailState(bytes);
  if (bytes && !state) problems.push('pipermail.pck: cannot be read');
  return state;
}

/** Undefined where there is none; one that cannot be used is named among the problems. */
async function readDatabase(root: string, name: string, problems: string[]): Promise<Buffer | undefined> {
  try {
    const file = await lstat(join(root, name));
    const isThere = file.isFile() && (await isFolder(root, dirname(name)));
    if (isThere && file.size <= LARGEST_DATABASE) return await readFile(join(root, name));
    problems.push(`${name}: ${isThere ? 'too large' : 'is no file'}`);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') problems.push(`${name}: cannot be read`);
  }
  return undefined;
}

/** Whether a folder of the tree lies in it. */
async function isFolder(root: string, name: string): Promise<boolean> {
  return (await lstat(join(root, name))).isDirectory();
}

async function readHead(path: string): Promise<Buffer | undefined> {
  try {
    const file = await open(path);
    try {
      const buffer = Buffer.allocUnsafe(PAGE_HEAD);
      const { bytesRead } = await file.read(buffer, 0, PAGE_HEAD, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}

async function listFolder(path: string): Promise<Dirent[] | undefined> {
  return readdir(path, { withFileTypes: true }).catch(() => undefined);
}
