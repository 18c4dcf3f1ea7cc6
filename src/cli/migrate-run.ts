import { noteMovingLists } from '../../compat/cutover/note-lists.ts';
import { runSite } from '../../migrate/site/run.ts';
import { formatRun } from '../../migrate/site/run-text.ts';
import { listRules } from '../lists/rules.ts';
import { utcNow } from '../model/time.ts';
import type { CliCommand } from './command.ts';
import { keepMemoryLean } from './lean-memory.ts';
import { openSource, type SourceOptions, takeSource } from './migrate-source.ts';
import { openProgress } from './progress.ts';
import { refreshMaps } from './refresh-maps.ts';

interface Options extends SourceOptions {
  readonly queues?: boolean;
  readonly dryRun?: boolean;
}

/** `mailman migrate run` */
export const run: CliCommand = {
  define: (command, context) => {
    takeSource(command)
      .description(
        'Bring lists over from Mailman 2.1 with all that waits on them: held posts, requests, confirmations, digests. ' +
          'Each list is one transaction; run again to go on after a stop, or to bring what has changed.',
      )
      .option('--queues', 'Also the messages in its queues. Mailman 2.1 must be stopped, and stay so.')
      .option('-n, --dry-run', 'Say what would happen and change nothing.')
      .action(async (path: string, options: Options) => {
        const { site, lists, domainOf } = openSource(path, options);
        const config = context.config();
        keepMemoryLean();
        const progress = openProgress('Importing');
        const report = await context.withDatabase(async (database) => {
          const outcome = await runSite(database, site, {
            lists,
            domainOf,
            clock: { now: utcNow },
            style: config.styles.default,
            language: config.mailman.default_language,
            rules: listRules(config),
            moderatorLife: config.mailman.moderator_request_life,
            siteOwner: config.mailman.site_owner,
            queues: options.queues === true,
            dryRun: options.dryRun === true,
            progress: (_name, _number, _of, members, ofMembers) => {
              if (ofMembers > 0) progress.report(members, ofMembers);
            },
          }).finally(progress.stop);
          if (!outcome.dry_run) {
            const moved = new Map(outcome.lists.map(({ name, list }) => [name, list]));
            await database.transaction((connection) =>
              noteMovingLists(connection, config, site, moved, utcNow()),
            );
            if (outcome.lists.some(({ created }) => created)) await refreshMaps(context, database);
          }
          return outcome;
        });
        if (options.json) context.printJson(report);
        else for (const line of formatRun(report)) context.print(line);
        if (report.failed.length > 0) context.setExitStatus(1);
      });
  },
};
