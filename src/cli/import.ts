import { UsageError } from '../errors.ts';
import { CreateListError } from '../lists/create.ts';
import { listRules } from '../lists/rules.ts';
import { type ImportListOptions, importList, type ListImported } from '../lists/transfer/import-list.ts';
import { type ListFile, readListFile } from '../lists/transfer/list-file.ts';
import type { CliCommand } from './command.ts';
import type { CliContext } from './context.ts';
import { InputError, readInput } from './input-file.ts';
import { refreshMaps } from './refresh-maps.ts';

interface Options {
  readonly domain?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly replace?: boolean;
}

/** All was done on trial; thrown to undo it. */
class Rehearsed extends Error {
  readonly report: ListImported;

  constructor(report: ListImported) {
    super('rehearsed');
    this.report = report;
  }
}

/** `mailman import` */
export const importFile: CliCommand = {
  define: (command, context) => {
    command
      .description(
        'Make a list out of what "mailman export --secrets" has written, here or on another server. Users and ' +
          'addresses that are known stay as they are. All is done, or nothing.',
      )
      .argument('<FILE>', 'What export has written; - is standard input.')
      .option('--replace', 'Where the list exists, put this in its place; what it has now goes.')
      .option('-d, --domain', 'Create the domain too where it is missing (the default).')
      .option('-D, --no-domain', 'Refuse where the domain is missing.')
      .option('-n, --dry-run', 'Say what would happen and write nothing.')
      .option('--json', 'Report as JSON.')
      .action(async (path: string, options: Options) => {
        const source = path === '-' ? 'standard input' : path;
        const file = readListFile(decode(readInput(path, "'FILE'"), source), source);
        const report = await run(context, file, options, {
          rules: listRules(context.config()),
          createDomain: options.domain ?? true,
          replace: options.replace === true,
        });
        if (options.json) context.printJson({ ...report, dry_run: options.dryRun === true });
        else for (const line of format(report, options)) context.print(line);
      });
  },
};

function decode(bytes: Buffer, source: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new InputError(`${source} is not UTF-8`);
  }
}

async function run(
  context: CliContext,
  file: ListFile,
  { dryRun }: Options,
  options: ImportListOptions,
): Promise<ListImported> {
  try {
    return await context.withDatabase(async (database) => {
      const { despiteRivals } = await import('../database/rivals.ts');
      const report = await despiteRivals(() =>
        database.transaction(async (connection) => {
          const imported = await importList(connection, file, options);
          if (dryRun) throw new Rehearsed(imported);
          return imported;
        }),
      );
      await refreshMaps(context, database);
      return report;
    });
  } catch (error) {
    if (error instanceof Rehearsed) return error.report;
    throw error instanceof CreateListError ? new UsageError(error.message) : error;
  }
}

function format(report: ListImported, { dryRun }: Options): string[] {
  const { members } = report;
  const verb = report.replaced ? 'Replaced' : 'Imported';
  return [
    `${dryRun ? `Would have ${verb.toLowerCase()}` : verb} ${report.list}: ${members.member} members, ` +
      `${members.owner} owners, ${members.moderator} moderators, ${members.nonmember} nonmembers, ` +
      `${report.held_posts} held posts`,
    `New here: ${report.new_users} users, ${report.new_addresses} addresses`,
    ...(report.has_secrets ? [] : ['Without passwords and tokens: the file was written without --secrets']),
    'Not in the file: the archive ("mailman archive export" and "archive import"), and what is in the queues',
  ];
}
