import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { TimeZone } from '../../src/archiving/legacy/time-zone.ts';
import type { Archive } from '../../src/archiving/store/archive.ts';
import type { ListTraits } from '../../src/archiving/store/incoming.ts';
import type { ArchivedList, ImportRun } from '../../src/archiving/store/types.ts';
import { errorCode } from '../../src/errors.ts';
import type { MailingList } from '../../src/model/mailing-list.ts';
import { type PipermailTree, readTree } from '../pipermail/tree.ts';
import { editionAfter, importMbox } from './import-mbox.ts';
import type { MboxSource } from './mbox-file.ts';
import { importOldArchive } from './old-archive.ts';
import type { ArchiveImportReport, Finding } from './report.ts';

export { type MboxSource, openMboxFile, openMboxStream } from './mbox-file.ts';
export { type ArchiveImportReport, type Finding, formatImportReport } from './report.ts';

export interface ArchiveImportOptions {
  readonly list: MailingList;
  readonly traits: ListTraits;
  readonly source: MboxSource;
  /** The pipermail tree of the list. */
  readonly pipermail: string | undefined;
  /** Of the machine that Mailman 2.1 ran on: pipermail's months begin at midnight there. */
  readonly zone: TimeZone;
  /** Messages before it are left out; epoch milliseconds. */
  readonly since: number | undefined;
  /** The number of the article that the first message had. */
  readonly firstNumber: number;
  readonly onProgress: (bytes: number, messages: number) => void;
  /** Called with what was found in messages that are stored: the report names only the first. */
  readonly onFindings?: (findings: readonly Finding[]) => void;
}

/**
 * Brings an mbox and, where there is one, the pipermail tree beside it into the archive of a list. Run again, it adds
 * what is new.
 * @param archive undefined for a dry run, which reads everything and writes nothing
 * @throws ArchiveImportError, PipermailError, DatabaseError
 */
export async function importArchive(
  archive: Archive | undefined,
  options: ArchiveImportOptions,
): Promise<ArchiveImportReport> {
  const { list, source, zone, since, firstNumber } = options;
  const started = performance.now();
  const tree = options.pipermail === undefined ? undefined : await readTree(options.pipermail);
  const archived = archive ? await archive.openList(list.listId) : nowhere(list.listId);
  const outcome = await importMbox(archive, {
    list: archived,
    traits: options.traits,
    source,
    pipermail: {
      frequency: list.settings.archive_volume_frequency,
      zone,
      now: Date.now() / 1000,
      pages: tree?.pages,
    },
    variant: variantOf({ since, tree, firstNumber }),
    since,
    firstNumber,
    onProgress: options.onProgress,
    onFindings: options.onFindings,
  });
  const hasMore = archived.messages > 0 || outcome.resumedAt !== undefined;
  const oldLinks = tree && (await importOldArchive(archive, archived.id, tree, hasMore));
  const { counts, bytes, added, known, resumedAt } = outcome;
  return {
    list: list.listId,
    source: source.name,
    dry_run: archive === undefined,
    bytes,
    seconds: Math.round(performance.now() - started) / 1000,
    messages: counts.messages,
    added,
    known,
    left_out: counts.left_out,
    threads: (await archive?.list(list.listId))?.threads,
    attachments: counts.attachments,
    repaired: counts.repaired,
    repaired_at: counts.repaired_at,
    set_aside: counts.set_aside,
    set_aside_at: counts.set_aside_at,
    resumed_at: resumedAt,
    old_links: oldLinks,
  };
}

/** The last run that has read an mbox whole or in part, as `migrate run` does it: undefined where none has. */
export async function lastRunOf(
  archive: Pick<Archive, 'run'>,
  list: number,
  { identity, isSeekable }: MboxSource,
  tree: PipermailTree | undefined,
): Promise<ImportRun | undefined> {
  if (identity === undefined || !isSeekable) return undefined;
  const base = `${identity}${variantOf({ since: undefined, tree, firstNumber: 0 })}`;
  let last: ImportRun | undefined;
  for (
    let next = await archive.run(list, base);
    next;
    next = await archive.run(list, editionAfter(base, last))
  )
    last = next;
  return last;
}

function variantOf({
  since,
  tree,
  firstNumber,
}: Pick<ArchiveImportOptions, 'since' | 'firstNumber'> & {
  readonly tree: PipermailTree | undefined;
}): string {
  return [since === undefined ? '' : `since ${since}`, tree ? 'tree' : '', firstNumber || '']
    .map((part) => `:${part}`)
    .join('');
}

function nowhere(listId: string): ArchivedList {
  return { id: 0, listId, messages: 0, threads: 0, firstDate: undefined, lastDate: undefined };
}

/**
 * The tree that belongs to an mbox where Mailman 2.1 keeps both: `archives/private/LIST` beside
 * `archives/private/LIST.mbox/LIST.mbox`. Undefined where there is none.
 */
export async function treeBeside(mbox: string): Promise<string | undefined> {
  const folder = dirname(mbox);
  const name = basename(mbox);
  if (!name.endsWith('.mbox') || basename(folder) !== name) return undefined;
  const tree = join(dirname(folder), name.slice(0, -'.mbox'.length));
  try {
    return (await stat(join(tree, 'index.html'))).isFile() ? tree : undefined;
  } catch (error) {
    // One that may not be read is an error: without it, messages would be numbered anew.
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return undefined;
    throw error;
  }
}
