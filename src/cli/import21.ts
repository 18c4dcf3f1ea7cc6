import { basename, dirname } from 'node:path';
import { ConfigPckError, goodBackup, readConfigPck } from '../../migrate/import21/config-pck.ts';
import { import21 as importList } from '../../migrate/import21/index.ts';
import { formatReport } from '../../migrate/import21/report.ts';
import type { PyDict } from '../../migrate/pickle/values.ts';
import { listRules } from '../lists/rules.ts';
import type { CliCommand } from './command.ts';
import { readInput } from './input-file.ts';
import { keepMemoryLean } from './lean-memory.ts';
import { openProgress } from './progress.ts';
import { refreshMaps } from './refresh-maps.ts';

interface Options {
  readonly charset?: string;
  readonly create?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly keep?: boolean;
  readonly listDir?: string;
  readonly useLast?: boolean;
}

/** `mailman import21` */
export const import21: CliCommand = {
  define: (command, context) => {
    command
      .description(
        'Bring a list over from Mailman 2.1: settings, members, bans, filters, texts. Again: brings it up to date.',
      )
      .argument('<LISTSPEC>', 'The posting address or List-Id of the list, which must exist (or --create).')
      .argument('<PICKLE_FILE>', "The list's config.pck; - is standard input.")
      .option('-c, --charset <CHARSET>', "The charset of the texts, instead of that of the list's language.")
      .option('--create', 'Create the list, and its domain, where they are missing.')
      .option(
        '--list-dir <DIR>',
        "The list's folder, for the templates in it; a file named config.pck lies in it anyway.",
      )
      .option('--use-last', 'Read the backup config.pck.last instead of the file.')
      .option('--keep', 'Keep members who are gone in the file.')
      .option('--dry-run', 'Say what would happen and write nothing.')
      .option('--json', 'Report as JSON.')
      .action(async (listSpec: string, file: string, options: Options) => {
        const config = context.config();
        const path = options.useLast ? `${file}.last` : file;
        const source = path === '-' ? 'standard input' : path;
        keepMemoryLean();
        const dictionary = readOrOfferBackup(path, file, source);
        const rules = listRules(config);
        const progress = openProgress('Importing members');
        const report = await context.withDatabase(async (database) => {
          const outcome = await importList(database, dictionary, {
            listSpec,
            source,
            charset: options.charset,
            languages: rules.languages,
            listDir: options.listDir ?? folderBeside(file),
            create: options.create
              ? { style: config.styles.default, rules, language: config.mailman.default_language }
              : undefined,
            keep: options.keep === true,
            dryRun: options.dryRun === true,
            progress: progress.report,
          }).finally(progress.stop);
          if (!outcome.dry_run) await refreshMaps(context, database);
          return outcome;
        });
        if (options.json) context.printJson(report);
        else for (const line of formatReport(report)) context.print(line);
      });
  },
};

/** The folder of the list, where the file lies in it under the name that Mailman 2.1 gives it. */
function folderBeside(file: string): string | undefined {
  return basename(file) === 'config.pck' ? dirname(file) : undefined;
}

function readOrOfferBackup(path: string, file: string, source: string): PyDict {
  try {
    return readConfigPck(readInput(path, "'PICKLE_FILE'"), source);
  } catch (error) {
    if (!(error instanceof ConfigPckError) || path === '-' || path !== file) throw error;
    const backup = goodBackup(file);
    if (backup === undefined) throw error;
    throw new ConfigPckError(
      `${error.message}\n${backup} beside it is good: add --use-last to import that one.`,
    );
  }
}
