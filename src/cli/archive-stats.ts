import { size } from '../../migrate/archive/report.ts';
import type { Archive } from '../archiving/store/archive.ts';
import type { ArchivedList, ArchiveStats } from '../archiving/store/types.ts';
import type { CliCommand } from './command.ts';
import { namedArchive, withArchive } from './with-archive.ts';

interface Options {
  readonly json?: boolean;
}

/** `mailman archive stats` */
export const archiveStats: CliCommand = {
  define: (command, context) => {
    command
      .description('Show what the archive of a list holds, or that of each and of all together.')
      .argument('[LISTSPEC]', 'Posting address or List-Id of the list.')
      .option('--json', 'Show it as JSON.')
      .action(async (listSpec: string | undefined, { json }: Options) => {
        const result = await withArchive(context, async (archive) => {
          const lists =
            listSpec === undefined ? await archive.lists() : [await namedArchive(context, archive, listSpec)];
          const each = [];
          for (const list of lists) each.push(await ofList(archive, list));
          return { lists: each, total: numbers(await archive.stats()) };
        });
        if (json) return context.printJson(result);
        for (const { list_id, first, last, ...rest } of result.lists) {
          context.print(`${list_id}: ${first ?? 'no message'}${last ? ` to ${last}` : ''}`);
          for (const line of lines(rest)) context.print(line);
        }
        if (listSpec !== undefined) return;
        context.print(
          `All together: ${result.total.lists} lists, ${size(result.total.database_size)} on disk`,
        );
        for (const line of lines(result.total)) context.print(line);
      });
  },
};

async function ofList(archive: Archive, list: ArchivedList) {
  const { lists: _, database_size: __, ...rest } = numbers(await archive.stats(list.id));
  return { list_id: list.listId, first: day(list.firstDate), last: day(list.lastDate), ...rest };
}

function numbers(stats: ArchiveStats) {
  return {
    lists: stats.lists,
    messages: stats.messages,
    threads: stats.threads,
    attachments: stats.attachments,
    source_size: stats.sourceSize,
    stored_size: stats.storedSize,
    old_paths: stats.oldPaths,
    old_files: stats.oldFiles,
    database_size: stats.databaseSize,
  };
}

function lines(stats: Omit<ReturnType<typeof numbers>, 'lists' | 'database_size'>): string[] {
  return [
    `  messages     ${stats.messages}, ${size(stats.source_size)}, stored in ${size(stats.stored_size)}`,
    `  threads      ${stats.threads}`,
    `  attachments  ${stats.attachments}`,
    `  old pages    ${stats.old_paths}`,
    `  old files    ${stats.old_files}`,
  ];
}

/** `2019-03-31` in UTC */
function day(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString().slice(0, 10);
}
