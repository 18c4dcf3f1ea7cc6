import type { TimeZone } from '../../src/archiving/legacy/time-zone.ts';
import type { Archive } from '../../src/archiving/store/archive.ts';
import type { ListTraits } from '../../src/archiving/store/incoming.ts';
import { FerrymanError } from '../../src/errors.ts';
import type { MailingList } from '../../src/model/mailing-list.ts';
import { type ArchiveImportReport, importArchive, openMboxFile, treeBeside } from '../archive/index.ts';
import { archiveSize } from './archives.ts';
import type { Site } from './site.ts';

/** A list whose archive is to come over. */
export interface ArchiveJob {
  /** The name in the site. */
  readonly name: string;
  readonly list: MailingList;
  readonly traits: ListTraits;
}

/** What became of the archive of one list. */
export interface ArchiveOutcome {
  readonly name: string;
  readonly report: ArchiveImportReport | null;
  /** Why it is not here, or not all of it. */
  readonly problem: string | null;
}

/**
 * Brings the archives of lists, one after the other, with the old addresses of their messages. Run again, it goes on
 * where it was stopped, or adds what is new.
 * @param onProgress called with the octets of all mboxes done so far, and of them all
 */
export async function runArchives(
  archive: Archive,
  site: Site,
  jobs: readonly ArchiveJob[],
  zone: TimeZone,
  onProgress: (done: number, total: number) => void,
): Promise<ArchiveOutcome[]> {
  const sized = jobs.map((job) => ({ ...job, size: archiveSize(site, job.name) }));
  const total = sized.reduce((sum, { size }) => sum + size.mbox_bytes, 0);
  const outcomes: ArchiveOutcome[] = [];
  let done = 0;
  for (const { name, list, traits, size } of sized) {
    const before = done;
    if (size.mbox === null) {
      if (size.problem !== null) outcomes.push({ name, report: null, problem: size.problem });
      else if (size.pipermail)
        outcomes.push({
          name,
          report: null,
          problem: 'has pages of pipermail, but no mbox to read messages from',
        });
      continue;
    }
    try {
      const report = await importOne(archive, { name, list, traits }, size.mbox, zone, (bytes) =>
        onProgress(before + bytes, total),
      );
      outcomes.push({ name, report, problem: null });
    } catch (error) {
      if (!(error instanceof FerrymanError)) throw error;
      outcomes.push({ name, report: null, problem: error.message });
    }
    done += size.mbox_bytes;
  }
  return outcomes;
}

async function importOne(
  archive: Archive,
  { list, traits }: ArchiveJob,
  mbox: string,
  zone: TimeZone,
  onProgress: (bytes: number) => void,
): Promise<ArchiveImportReport> {
  const source = await openMboxFile(mbox);
  try {
    return await importArchive(archive, {
      list,
      traits,
      source,
      pipermail: await treeBeside(mbox),
      zone,
      since: undefined,
      firstNumber: 0,
      onProgress,
    });
  } finally {
    await source.close();
  }
}

/** The lines on archives for people. */
export function formatArchives(outcomes: readonly ArchiveOutcome[]): string[] {
  return outcomes.map(({ name, report, problem }) => {
    if (!report) return `${name}: archive FAILED: ${problem}`;
    const { messages, added, known, repaired, old_links } = report;
    const repairs = repaired > 0 ? `, ${repaired} repaired` : '';
    const links = old_links ? ', old addresses kept' : '';
    return `${name}: archive of ${messages} messages; ${added} new, ${known} known${repairs}${links}`;
  });
}
