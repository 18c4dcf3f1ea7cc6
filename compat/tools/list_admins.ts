import { allLists } from '../../src/database/lists.ts';
import { membersOfList } from '../../src/database/members.ts';
import { getopt } from './getopt.ts';
import { byText, legacyList, legacyNames } from './legacy-list.ts';
import { type LegacyTool, ToolUsageError } from './tool.ts';

/** `list_admins` */
export const tool: LegacyTool = {
  usage: [
    'Usage: list_admins [-v HOST | -a | LISTNAME...]',
    '',
    '  -v HOST, --all-vhost=HOST  all lists of a mail domain',
    '  -a, --all                  all lists',
  ],
  run: async (argv, context) => {
    const { options, rest } = getopt(argv, ['v/all-vhost=', 'a/all']);
    const host = options.get('all-vhost')?.at(-1)?.toLowerCase();
    if (host === undefined && !options.has('all') && rest.length === 0)
      throw new ToolUsageError('A list name is required');
    const lines = await context.withDatabase(async ({ connection }) => {
      const all = await allLists(connection);
      const names = legacyNames(all);
      const wanted =
        host !== undefined || options.has('all')
          ? all
              .filter(({ mailHost }) => host === undefined || mailHost === host)
              .map(({ listId, listName }) => names.get(listId) ?? listName)
              .sort(byText)
          : rest;
      const found: string[] = [];
      for (const name of wanted) {
        const list = await legacyList(connection, name);
        if (!list) found.push(`No such list: ${name}`);
        else {
          const owners = await membersOfList(connection, list.listId, ['owner']);
          const addresses = owners.map(({ originalEmail }) => originalEmail).join(', ');
          found.push(`List: ${names.get(list.listId) ?? name}, \tOwners: ${addresses}`);
        }
      }
      return found;
    });
    for (const line of lines) context.print(line);
    return 0;
  },
};
