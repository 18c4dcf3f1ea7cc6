import { refreshMaps } from '../../src/cli/refresh-maps.ts';
import { withArchive } from '../../src/cli/with-archive.ts';
import { allDomains } from '../../src/database/domains.ts';
import { countHeldMessages } from '../../src/database/held-messages.ts';
import { removeList, removeListFolder } from '../../src/lists/remove.ts';
import { getopt } from './getopt.ts';
import { legacyList } from './legacy-list.ts';
import { type LegacyTool, type ToolContext, ToolError, ToolUsageError } from './tool.ts';

/** `rmlist` */
export const tool: LegacyTool = {
  usage: [
    'Usage: rmlist [-a] LISTNAME',
    '',
    '  -a, --archives  remove the archives as well, also those of a list that is gone already',
  ],
  run: async (argv, context) => {
    const { options, rest } = getopt(argv, ['a/archives']);
    const [name, ...extra] = rest;
    if (name === undefined || extra.length > 0) throw new ToolUsageError('Exactly one list name is required');
    const withArchives = options.has('archives');
    if (!withArchives) context.print('Not removing archives.  Reinvoke with -a to remove them.');
    const listId = await removeNamed(context, name);
    if (!withArchives) {
      if (listId === undefined) throw new ToolError(`No such list (or list already deleted): ${name}`);
      return 0;
    }
    if (listId === undefined) context.print(`No such list: ${name}.  Removing its residual archives.`);
    await removeArchives(context, name, listId === undefined ? await listIdsOf(context, name) : [listId]);
    return 0;
  },
};

/** @returns the List-Id of the list that is gone now; undefined where there was none */
async function removeNamed(context: ToolContext, name: string): Promise<string | undefined> {
  return context.withDatabase(async (database) => {
    const removed = await database.transaction(async (connection) => {
      const list = await legacyList(connection, name);
      if (!list) return undefined;
      const held = await countHeldMessages(connection, list.listId);
      await removeList(connection, list);
      return { list, held };
    });
    if (!removed) return undefined;
    const { list, held } = removed;
    await refreshMaps(context, database);
    removeListFolder(list, context.config().paths.list_data_dir);
    context.print('Removing list info');
    for (let count = 0; count < held; count += 1) context.print('Removing held message file');
    return list.listId;
  });
}

async function removeArchives(context: ToolContext, name: string, listIds: readonly string[]): Promise<void> {
  await withArchive(context, async (archive) => {
    const found = [];
    for (const listId of listIds) {
      if (await archive.list(listId)) found.push(listId);
    }
    const [only, ...others] = found;
    if (others.length > 0)
      throw new ToolError(`There are several archives of this name: ${found.join(', ')}; give one of these`);
    if (only === undefined) {
      context.print(`${name} private archives not found as ${listIds.join(', ') || name}`);
      return;
    }
    context.print('Removing private archives');
    await archive.deleteList(only);
  });
}

/** The List-Ids that a list may have had which is gone. */
async function listIdsOf(context: ToolContext, name: string): Promise<string[]> {
  const key = name.toLowerCase();
  if (key.includes('@')) return [key.replace('@', '.')];
  const domains = await context.withDatabase(({ connection }) => allDomains(connection));
  return [key, ...domains.map(({ mailHost }) => `${key}.${mailHost}`)];
}
