import { refreshMaps } from '../../src/cli/refresh-maps.ts';
import { removeList, removeListFolder } from '../../src/lists/remove.ts';
import { postingAddress } from '../../src/model/mailing-list.ts';
import { getopt } from './getopt.ts';
import { legacyList } from './legacy-list.ts';
import { type LegacyTool, ToolError, ToolUsageError } from './tool.ts';

/** `rmlist` */
export const tool: LegacyTool = {
  usage: ['Usage: rmlist [-a] LISTNAME', '', '  -a, --archives  remove the archives as well'],
  run: async (argv, context) => {
    const { options, rest } = getopt(argv, ['a/archives']);
    const [name, ...extra] = rest;
    if (name === undefined || extra.length > 0) throw new ToolUsageError('Exactly one list name is required');
    const withArchives = options.has('archives');
    if (!withArchives) context.print('Not removing archives.  Reinvoke with -a to remove them.');
    const address = await context.withDatabase(async (database) => {
      const list = await database.transaction(async (connection) => {
        const found = await legacyList(connection, name);
        if (!found) throw new ToolError(`No such list (or list already deleted): ${name}`);
        await removeList(connection, found);
        return found;
      });
      await refreshMaps(context, database);
      removeListFolder(list, context.config().paths.list_data_dir);
      return postingAddress(list);
    });
    context.print('Removing list info');
    if (withArchives) {
      context.print('Removing private archives');
      await context.runCommand('archive', ['delete', '--yes', address]);
    }
    return 0;
  },
};
