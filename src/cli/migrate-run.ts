import { type ListUnderWay, listsUnderWay } from '../../compat/cutover/lists-under-way.ts';
import { noteMovingList, runsBeside } from '../../compat/cutover/note-list.ts';
import { archiveSize } from '../../migrate/site/archives.ts';
import { runSite } from '../../migrate/site/run.ts';
import {
  type ArchiveJob,
  type ArchiveOutcome,
  formatArchives,
  runArchives,
} from '../../migrate/site/run-archives.ts';
import { formatRun } from '../../migrate/site/run-text.ts';
import type { Site } from '../../migrate/site/site.ts';
import { type TimeZone, timeZone } from '../archiving/legacy/time-zone.ts';
import { listTraits } from '../archiving/list-traits.ts';
import { findList } from '../database/lists.ts';
import { listRules } from '../lists/rules.ts';
import { utcNow } from '../model/time.ts';
import { openByteProgress } from './byte-progress.ts';
import type { CliCommand } from './command.ts';
import type { CliContext } from './context.ts';
import { keepMemoryLean } from './lean-memory.ts';
import { openSource, type SourceOptions, takeSource } from './migrate-source.ts';
import { openProgress } from './progress.ts';
import { refreshMaps } from './refresh-maps.ts';
import { withArchive } from './with-archive.ts';

interface Options extends SourceOptions {
  readonly queues?: boolean;
  readonly dryRun?: boolean;
  readonly again?: boolean;
  /** False with --no-archives. */
  readonly archives?: boolean;
  readonly timeZone?: string;
}

/** Whoever did not want this wants to know at once. */
const LED_FROM_HERE =
  'Their mail is for this server now: [cutover] mailman2_var_dir names no Mailman 2.1 in this place that would go on with it.';

/** `mailman migrate run` */
export const run: CliCommand = {
  define: (command, context) => {
    takeSource(command)
      .description(
        'Bring lists over from Mailman 2.1 with all that waits on them: held posts, requests, confirmations, digests. ' +
          'Each list is one transaction; run again to go on after a stop, or to bring what has changed.',
      )
      .option('--queues', 'Also the messages in its queues. Mailman 2.1 must be stopped, and stay so.')
      .option(
        '--again',
        'Also lists whose files have not changed since: settings and members that were changed here become as they are there.',
      )
      .option('--no-archives', 'Leave the archives for later ("mailman archive import").')
      .option(
        '--time-zone <ZONE>',
        'That of the old server, for its archives, such as Europe/Berlin. Default: that of this one.',
      )
      .option('-n, --dry-run', 'Say what would happen and change nothing.')
      .action(async (path: string, options: Options) => {
        const { site, lists, domainOf } = openSource(path, options);
        const config = context.config();
        const zone = timeZone(options.timeZone);
        keepMemoryLean();
        const progress = openProgress('Importing');
        const { report, left } = await context.withDatabase(async (database) => {
          const underWay = await listsUnderWay(database.connection);
          const left = underWay.filter(({ name }) => lists.includes(name));
          const outcome = await runSite(database, site, {
            lists: lists.filter((name) => left.every((one) => one.name !== name)),
            domainOf,
            clock: { now: utcNow },
            style: config.styles.default,
            language: config.mailman.default_language,
            rules: listRules(config),
            moderatorLife: config.mailman.moderator_request_life,
            siteOwner: config.mailman.site_owner,
            queues: options.queues === true,
            bounceEvents: options.queues === true || !runsBeside(config, site),
            dryRun: options.dryRun === true,
            within: (connection, outcome) => noteMovingList(connection, config, site, outcome, utcNow()),
            again: options.again === true,
            progress: (_name, _number, _of, members, ofMembers) => {
              if (ofMembers > 0) progress.report(members, ofMembers);
            },
          }).finally(progress.stop);
          if (!outcome.dry_run && outcome.lists.length > 0) await refreshMaps(context, database);
          return { report: outcome, left };
        });
        for (const { list, stage } of left)
          context.warn(`${list} is in the stage ${stage}: it is left as it is here, but for its archive`);
        const archives =
          options.archives === false || report.dry_run
            ? []
            : await bringArchives(context, site, [...report.lists, ...left], zone);
        if (options.json) context.printJson({ ...report, left, archives });
        else {
          for (const line of [...formatRun(report), ...formatArchives(archives)]) context.print(line);
          if (report.lists.length > 0 && !report.dry_run) {
            if (!runsBeside(config, site)) context.print(LED_FROM_HERE);
            context.print(`Next: mailman migrate verify ${path}`);
          }
        }
        const isIncomplete = report.failed.length > 0 || archives.some(({ problem }) => problem !== null);
        if (isIncomplete) context.setExitStatus(1);
      });
  },
};

/** After all lists: mail can flow while the archives come. */
async function bringArchives(
  context: CliContext,
  site: Site,
  lists: readonly Pick<ListUnderWay, 'name' | 'list'>[],
  zone: TimeZone,
): Promise<ArchiveOutcome[]> {
  const jobs = await context.withDatabase(async ({ connection }) => {
    const found: ArchiveJob[] = [];
    for (const { name, list: address } of lists) {
      const list = await findList(connection, address);
      if (list) found.push({ name, list, traits: listTraits(context.config(), list) });
    }
    return found;
  });
  const total = jobs.reduce((sum, { name }) => sum + archiveSize(site, name).mbox_bytes, 0);
  const progress = openByteProgress('Importing archives', total);
  try {
    return await withArchive(context, (archive) =>
      runArchives(archive, site, jobs, zone, (done) => progress.report(done, 0)),
    );
  } finally {
    progress.stop();
  }
}
