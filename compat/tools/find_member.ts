import { allLists } from '../../src/database/lists.ts';
import { membersOfList } from '../../src/database/members.ts';
import { compilePattern, type Pattern } from '../../src/model/pattern.ts';
import { getopt } from './getopt.ts';
import { byText, legacyNames, neededList } from './legacy-list.ts';
import { type LegacyTool, ToolUsageError } from './tool.ts';

/** `find_member` */
export const tool: LegacyTool = {
  usage: [
    'Usage: find_member [-l LISTNAME]... [-x LISTNAME]... [-w] REGEXP...',
    '',
    '  -l NAME, --listname=NAME  search this list only; may be repeated',
    '  -x NAME, --exclude=NAME   do not search this list; may be repeated',
    '  -w, --owners              search the owners as well',
  ],
  run: async (argv, context) => {
    const { options, rest } = getopt(argv, ['l/listname=', 'x/exclude=', 'w/owners']);
    if (rest.length === 0) throw new ToolUsageError('Search regular expression required');
    const patterns = rest.map((text) => compilePattern(text));
    const found = await context.withDatabase(async ({ connection }) => {
      const all = await allLists(connection);
      const names = legacyNames(all);
      const idsOf = async (given: readonly string[] | undefined): Promise<Set<string> | undefined> => {
        if (!given) return undefined;
        const ids = new Set<string>();
        for (const name of given) ids.add((await neededList(connection, name)).listId);
        return ids;
      };
      const included = await idsOf(options.get('listname'));
      const excluded = await idsOf(options.get('exclude'));
      const people = new Map<string, string[]>();
      for (const { listId, listName } of all) {
        if (included && !included.has(listId)) continue;
        if (excluded?.has(listId)) continue;
        const name = names.get(listId) ?? listName;
        const members = await membersOfList(connection, listId, ['member']);
        note(people, patterns, members, name);
        if (options.has('owners'))
          note(people, patterns, await membersOfList(connection, listId, ['owner']), `${name} (as owner)`);
      }
      return people;
    });
    for (const [address, where] of [...found].sort(([one], [other]) => byText(one, other))) {
      context.print(`${address} found in:`);
      for (const name of where.sort(byText)) context.print(`     ${name}`);
    }
    return 0;
  },
};

function note(
  people: Map<string, string[]>,
  patterns: readonly Pattern[],
  members: readonly { readonly email: string; readonly originalEmail: string }[],
  where: string,
): void {
  for (const { email, originalEmail } of members) {
    if (!patterns.some((pattern) => pattern.test(originalEmail) || pattern.test(email))) continue;
    const known = people.get(email);
    if (known) known.push(where);
    else people.set(email, [where]);
  }
}
