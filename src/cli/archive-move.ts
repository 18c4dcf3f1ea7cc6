import type { CliCommand } from './command.ts';
import { namedList } from './named-list.ts';
import { namedArchive, withArchive } from './with-archive.ts';

interface Options {
  readonly json?: boolean;
}

/** `mailman archive move` */
export const archiveMove: CliCommand = {
  define: (command, context) => {
    command
      .description(
        'Give the archive of a list to another list, which must have none; for a list that was renamed.',
      )
      .argument('<LISTSPEC>', 'Posting address or List-Id of the list that has it, which may be gone.')
      .argument('<NEW_LISTSPEC>', 'Posting address or List-Id of the list that gets it.')
      .option('--json', 'Show what was moved as JSON.')
      .action(async (listSpec: string, newListSpec: string, { json }: Options) => {
        const target = await context.withDatabase(({ connection }) => namedList(connection, newListSpec));
        const { listId, messages } = await withArchive(context, async (archive) => {
          const list = await namedArchive(context, archive, listSpec);
          await archive.moveList(list.listId, target.listId);
          return list;
        });
        if (json) context.printJson({ from: listId, to: target.listId, messages });
        else context.print(`Moved ${messages} messages from ${listId} to ${target.listId}`);
      });
  },
};
