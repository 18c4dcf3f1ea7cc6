import { removeList, removeListFolder } from '../lists/remove.ts';
import { postingAddress } from '../model/mailing-list.ts';
import type { CliCommand } from './command.ts';
import { namedListForChange } from './named-list.ts';
import { refreshMaps } from './refresh-maps.ts';

interface Options {
  readonly quiet?: boolean;
  readonly json?: boolean;
}

/** `mailman remove` */
export const remove: CliCommand = {
  define: (command, context) => {
    command
      .description(
        'Remove a mailing list with its settings, members, bans and templates. Its domain, its archive and the addresses of its members stay.',
      )
      .argument('<LISTSPEC>', 'Posting address or List-Id of the list.')
      .option('-q, --quiet', 'Print nothing.')
      .option('--json', 'Show what was removed as JSON.')
      .action(async (listSpec: string, { quiet, json }: Options) => {
        const list = await context.withDatabase(async (database) => {
          const removed = await database.transaction(async (connection) => {
            const found = await namedListForChange(connection, listSpec);
            await removeList(connection, found);
            return found;
          });
          await refreshMaps(context, database);
          return removed;
        });
        removeListFolder(list, context.config().paths.list_data_dir);
        if (json) context.printJson({ list_id: list.listId, fqdn_listname: postingAddress(list) });
        else if (!quiet) context.print(`Removed list: ${postingAddress(list)}`);
      });
  },
};
