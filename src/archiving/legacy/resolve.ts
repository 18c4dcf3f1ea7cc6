import type { ArchiveReader } from '../store/archive.ts';
import type { ArchivedMessage, OldFile } from '../store/types.ts';
import { type IndexOrder, type OldPath, readOldPath } from './old-path.ts';
import { articleName, type Volume } from './volumes.ts';

/** What an old address leads to. */
export type OldTarget =
  | { readonly kind: 'overview' }
  | { readonly kind: 'message'; readonly message: ArchivedMessage }
  | { readonly kind: 'index'; readonly volume: Volume; readonly order: IndexOrder }
  | { readonly kind: 'text'; readonly volume: Volume; readonly isCompressed: boolean }
  | { readonly kind: 'file'; readonly file: OldFile };

type Lookups = Pick<ArchiveReader, 'messageByOldPath' | 'messageByNumber' | 'oldFile'>;

/**
 * Finds what stood at a path below `/pipermail/LIST/`; undefined where nothing did. A month is not asked whether it has
 * messages: its page says that itself.
 * @param list the archive's key of the list
 * @param path percent-decoded
 */
export async function resolveOldPath(
  archive: Lookups,
  list: number,
  path: string,
): Promise<OldTarget | undefined> {
  const old = readOldPath(path);
  if (old?.kind === 'article') return article(archive, list, old);
  if (old?.kind === 'file') return file(archive, list, old.path);
  return old;
}

async function article(
  archive: Lookups,
  list: number,
  { path, number }: Extract<OldPath, { kind: 'article' }>,
): Promise<OldTarget | undefined> {
  const message =
    (await archive.messageByOldPath(list, path)) ??
    // Pages that are kept as they were come before guesses by number.
    ((await archive.oldFile(list, path)) ? undefined : await byNumber(archive, list, number));
  return message ? { kind: 'message', message } : file(archive, list, path);
}

/**
 * The number alone tells the message, whatever the volume: pipermail numbers over the whole list, may leave copies of
 * a page in another volume, and puts messages without any date into the volume of the day on which it built the archive.
 */
async function byNumber(
  archive: Lookups,
  list: number,
  number: number,
): Promise<ArchivedMessage | undefined> {
  const paths = anyVolume(number);
  return (await archive.messageByOldPath(list, paths)) ?? archive.messageByNumber(list, number);
}

async function file(archive: Lookups, list: number, path: string): Promise<OldTarget | undefined> {
  const found = await archive.oldFile(list, path);
  return found && { kind: 'file', file: found };
}

/** Where the page of this number is noted if nobody can tell its volume. */
export function anyVolume(number: number): string {
  return articleName(number);
}
