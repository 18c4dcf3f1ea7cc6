import { allLists } from '../../src/database/lists.ts';
import { getopt } from './getopt.ts';
import { byText, legacyNames } from './legacy-list.ts';
import type { LegacyTool } from './tool.ts';

/** Columns that name and description share. */
const WIDTH = 77;

/** `list_lists` */
export const tool: LegacyTool = {
  usage: [
    'Usage: list_lists [-a] [-p] [-b] [-V HOST]',
    '',
    '  -a, --advertised                   only lists that are advertised',
    '  -p, --public-archive               only lists with a public archive',
    '  -b, --bare                         names alone',
    '  -V HOST, --virtual-host-overview=HOST  only lists whose web pages are at this host',
  ],
  run: async (argv, context) => {
    const { options } = getopt(argv, [
      'a/advertised',
      'p/public-archive',
      'b/bare',
      'V/virtual-host-overview=',
    ]);
    const host = options.get('virtual-host-overview')?.at(-1);
    const all = await context.withDatabase(({ connection }) => allLists(connection));
    const names = legacyNames(all);
    const chosen = all
      .filter(({ settings }) => !options.has('advertised') || settings.advertised)
      .filter(({ settings }) => !options.has('public-archive') || settings.archive_policy === 'public')
      .filter(({ settings }) => host === undefined || settings.web_page_url.includes(`://${host}/`))
      .map((list) => ({ list, name: names.get(list.listId) ?? list.listName }))
      .sort((one, other) => byText(one.name, other.name));
    if (options.has('bare')) {
      for (const { name } of chosen) context.print(name);
      return 0;
    }
    if (chosen.length === 0) {
      context.print('No matching mailing lists found');
      return 0;
    }
    context.print(`${chosen.length} matching mailing lists found:`);
    const rows = chosen.map(({ list: { listName, settings }, name }) => ({
      shown: name === listName ? settings.display_name : name,
      description: settings.description || '[no description available]',
    }));
    const longest = Math.max(...rows.map(({ shown }) => shown.length));
    for (const { shown, description } of rows)
      context.print(`    ${shown.padStart(longest)} - ${description.slice(0, Math.max(0, WIDTH - longest))}`);
    return 0;
  },
};
