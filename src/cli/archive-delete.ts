import { UsageError } from '../errors.ts';
import type { CliCommand } from './command.ts';
import { namedArchive, withArchive } from './with-archive.ts';

interface Options {
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `mailman archive delete` */
export const archiveDelete: CliCommand = {
  define: (command, context) => {
    command
      .description('Delete the archive of a list: messages, old addresses, files. The list itself stays.')
      .argument('<LISTSPEC>', 'Posting address or List-Id of the list, which may be gone.')
      .option('-y, --yes', 'Really do it; there is no way back.')
      .option('--json', 'Show what was deleted as JSON.')
      .action(async (listSpec: string, { yes, json }: Options) => {
        const gone = await withArchive(context, async (archive) => {
          const list = await namedArchive(context, archive, listSpec);
          if (!yes) {
            throw new UsageError(
              `The archive of ${list.listId} has ${list.messages} messages; add --yes to delete them.`,
            );
          }
          await archive.deleteList(list.listId);
          return list;
        });
        const { listId, messages } = gone;
        if (json) context.printJson({ list_id: listId, messages });
        else context.print(`Deleted the archive of ${listId}: ${messages} messages`);
      });
  },
};
