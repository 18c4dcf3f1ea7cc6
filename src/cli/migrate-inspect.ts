import { writeFileSync } from 'node:fs';
import { inspectSite } from '../../migrate/site/inspect.ts';
import { inspectionPage } from '../../migrate/site/inspect-page.ts';
import { formatInspection } from '../../migrate/site/inspect-text.ts';
import { listRules } from '../lists/rules.ts';
import { utcNow } from '../model/time.ts';
import type { CliCommand } from './command.ts';
import { keepMemoryLean } from './lean-memory.ts';
import { openSource, type SourceOptions, takeSource } from './migrate-source.ts';
import { openProgress } from './progress.ts';

interface Options extends SourceOptions {
  readonly html?: string;
}

/** `mailman migrate inspect` */
export const inspect: CliCommand = {
  define: (command, context) => {
    takeSource(command)
      .description(
        'Read a Mailman 2.1 site and say what is in it, what will change, what needs a decision, and how long the ' +
          'move will take. Nothing is written.',
      )
      .option('--html <FILE>', 'Also write the report as a page with pictures.')
      .action(async (path: string, options: Options) => {
        const { site, lists, domainOf } = openSource(path, options);
        keepMemoryLean();
        const rules = listRules(context.config());
        const progress = openProgress('Reading');
        const report = inspectSite(
          { site, domainOf, languages: rules.languages, now: utcNow() },
          lists,
          rules.nameCharacters,
          progress.report,
        );
        progress.stop();
        if (options.html !== undefined) writeFileSync(options.html, inspectionPage(report));
        if (options.json) context.printJson(report);
        else
          for (const line of [...formatInspection(report), '', `Next: mailman migrate run ${path}`])
            context.print(line);
      });
  },
};
