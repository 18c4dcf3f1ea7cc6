import { allLists } from '../../src/database/lists.ts';
import { membersOfList } from '../../src/database/members.ts';
import type { Role } from '../../src/model/enums.ts';
import { getopt } from './getopt.ts';
import { byText, legacyNames, neededList } from './legacy-list.ts';
import type { LegacyTool } from './tool.ts';

/** `list_owners` */
export const tool: LegacyTool = {
  usage: [
    'Usage: list_owners [-w] [-m] [LISTNAME...]',
    '',
    '  -w, --with-listnames  by list',
    '  -m, --moderators      moderators as well',
  ],
  run: async (argv, context) => {
    const { options, rest } = getopt(argv, ['w/with-listnames', 'm/moderators']);
    const roles: Role[] = options.has('moderators') ? ['owner', 'moderator'] : ['owner'];
    const byList = await context.withDatabase(async ({ connection }) => {
      const all = await allLists(connection);
      const names = legacyNames(all);
      const chosen = rest.length === 0 ? all : [];
      for (const name of rest) chosen.push(await neededList(connection, name));
      const found: [string, string[]][] = [];
      for (const { listId, listName } of chosen) {
        const people = await membersOfList(connection, listId, roles);
        const addresses = new Set(people.map(({ originalEmail }) => originalEmail));
        found.push([names.get(listId) ?? listName, [...addresses].sort(byText)]);
      }
      return found.sort(([one], [other]) => byText(one, other));
    });
    if (options.has('with-listnames')) {
      for (const [name, addresses] of byList) {
        context.print(name);
        for (const address of addresses) context.print(`\t${address}`);
      }
    } else {
      const addresses = new Set(byList.flatMap(([, people]) => people));
      for (const address of [...addresses].sort(byText)) context.print(address);
    }
    return 0;
  },
};
