import { listsUnderWay } from '../../compat/cutover/lists-under-way.ts';
import { noteVerified } from '../../compat/cutover/note-verified.ts';
import { archiveSize } from '../../migrate/site/archives.ts';
import type { Site } from '../../migrate/site/site.ts';
import { type VerifiedArchive, verifyArchive } from '../../migrate/verify/verify-archive.ts';
import { type Difference, type Verified, verifyList } from '../../migrate/verify/verify-list.ts';
import { type TimeZone, timeZone } from '../archiving/legacy/time-zone.ts';
import { listTraits } from '../archiving/list-traits.ts';
import { findList } from '../database/lists.ts';
import { utcNow } from '../model/time.ts';
import { openByteProgress } from './byte-progress.ts';
import type { CliCommand } from './command.ts';
import type { CliContext } from './context.ts';
import { keepMemoryLean } from './lean-memory.ts';
import { openSource, type SourceOptions, takeSource } from './migrate-source.ts';
import { openProgress } from './progress.ts';
import { withArchive } from './with-archive.ts';

interface Options extends SourceOptions {
  /** False with --no-archives. */
  readonly archives?: boolean;
  readonly timeZone?: string;
}

/** The archive of a list that Mailman 2 has an mbox of. */
interface ArchiveOutcome extends VerifiedArchive {
  readonly name: string;
  readonly list: string;
}

/** Of one list, for people; all are in `--json`. */
const MOST_SHOWN = 20;

/** `mailman migrate verify` */
export const verify: CliCommand = {
  define: (command, context) => {
    takeSource(command)
      .description(
        'Read a Mailman 2.1 site and what has come over of it again, and compare them field by field and message by ' +
          'message. Exit status 1 where anything differs.',
      )
      .option('--no-archives', 'Leave the archives out.')
      .option('--time-zone <ZONE>', 'As it was given to "mailman migrate run".')
      .action(async (path: string, options: Options) => {
        const { site, lists, domainOf } = openSource(path, options);
        keepMemoryLean();
        const progress = openProgress('Comparing');
        const verified: Verified[] = [];
        const left = await context.withDatabase(async ({ connection }) => {
          const underWay = (await listsUnderWay(connection)).filter(({ name }) => lists.includes(name));
          for (const [index, name] of lists.entries()) {
            if (underWay.some((one) => one.name === name)) continue;
            progress.report(index, lists.length);
            const found = await verifyList(connection, site, name, { domainOf, now: utcNow() });
            await noteVerified(connection, context.config(), site, found, utcNow());
            verified.push(found);
          }
          return underWay;
        });
        progress.stop();
        for (const { list, stage } of left)
          context.warn(
            `${list} is in the stage ${stage}: Mailman 2's files no longer tell all of it; not compared`,
          );
        const archives =
          options.archives === false
            ? []
            : await verifyArchives(context, site, [...verified, ...left], timeZone(options.timeZone));
        const total =
          verified.reduce((sum, { differences }) => sum + differences.length, 0) +
          archives.reduce((sum, { difference_count }) => sum + difference_count, 0);
        if (options.json)
          context.printJson({ source: site.path, differences: total, lists: verified, left, archives });
        else {
          for (const line of [...verified.flatMap(format), ...archives.flatMap(formatArchive)])
            context.print(line);
          context.print('');
          context.print(`${counted(verified.length, 'list')}, ${counted(total, 'difference')}`);
        }
        if (total > 0) context.setExitStatus(1);
      });
  },
};

/** `1 member`, `2 members` */
function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function format(verified: Verified): string[] {
  const { name, list, compared, decided_here, counted_here, damaged_there, differences } = verified;
  const { settings, members, held_posts, requests, tokens, digest_posts } = compared;
  const decided = decided_here > 0 ? `; ${decided_here} decided here since` : '';
  const lines = [
    differences.length === 0
      ? `${list}: the same (${[
          ...[counted(settings, 'setting'), counted(members, 'member'), counted(held_posts, 'held post')],
          ...[counted(requests, 'request'), counted(tokens, 'confirmation')],
          counted(digest_posts, 'digest post'),
        ].join(', ')})${decided}`
      : `${list ?? name}: ${counted(differences.length, 'difference')}${decided}`,
  ];
  for (const subject of damaged_there)
    lines.push(`    ${JSON.stringify(subject)} is damaged there, and could not come over`);
  for (const text of counted_here) lines.push(`    ${text}`);
  return [...lines, ...formatDifferences(differences, differences.length)];
}

function formatArchive(outcome: ArchiveOutcome): string[] {
  const { list, compared, arrived_here, come_since, damaged_there, differences, difference_count } = outcome;
  const { messages, attachments, links, files } = compared;
  const arrived = arrived_here > 0 ? `; ${arrived_here} arrived here` : '';
  const since = come_since > 0 ? `; ${come_since} more since it was brought over` : '';
  const head =
    difference_count === 0
      ? `${list}: the same archive (${[
          ...[counted(messages, 'message'), counted(attachments, 'attachment')],
          ...[counted(links, 'old link'), counted(files, 'old file')],
        ].join(', ')})${arrived}${since}`
      : `${list}: ${counted(difference_count, 'difference')} in the archive${arrived}${since}`;
  const damaged = damaged_there
    .slice(0, MOST_SHOWN)
    .map((subject) => `    ${JSON.stringify(subject)} there; it could not come over`);
  return [head, ...damaged, ...formatDifferences(differences, difference_count)];
}

function formatDifferences(differences: readonly Difference[], count: number): string[] {
  const shown = differences
    .slice(0, MOST_SHOWN)
    .map(({ subject, source, here }) =>
      source === null && here === null
        ? `    ${subject}`
        : `    ${subject}: there ${source ?? 'nothing'}, here ${here ?? 'nothing'}`,
    );
  return count > MOST_SHOWN ? [...shown, `    and ${count - MOST_SHOWN} more`] : shown;
}

/** Of those of the lists that are here. */
async function verifyArchives(
  context: CliContext,
  site: Site,
  lists: readonly Pick<Verified, 'name' | 'list'>[],
  zone: TimeZone,
): Promise<ArchiveOutcome[]> {
  const sized = lists.map(({ name, list }) => ({ name, address: list ?? '', ...archiveSize(site, name) }));
  const jobs = sized.filter(
    ({ address, mbox, problem }) => address !== '' && (mbox !== null || problem !== null),
  );
  const outcomes: ArchiveOutcome[] = [];
  if (jobs.length === 0) return outcomes;
  const total = jobs.reduce((sum, { mbox_bytes }) => sum + mbox_bytes, 0);
  const progress = openByteProgress('Comparing archives', total);
  let done = 0;
  try {
    await withArchive(context, async (archive) => {
      for (const { name, address, mbox_bytes } of jobs) {
        const list = await context.withDatabase(({ connection }) => findList(connection, address));
        if (!list) continue;
        const traits = listTraits(context.config(), list);
        const onProgress = (bytes: number): void => progress.report(done + bytes, 0);
        const found = await verifyArchive(archive, site, { name, list, traits, zone, onProgress });
        if (found) outcomes.push({ name, list: address, ...found });
        done += mbox_bytes;
      }
    });
  } finally {
    progress.stop();
  }
  return outcomes;
}
