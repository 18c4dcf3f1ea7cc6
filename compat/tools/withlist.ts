import type { LegacyTool } from './tool.ts';

const INSTEAD = [
  'withlist ran Python inside of Mailman 2.1. Its lists are rows of a database now, and there is no Python here.',
  'What it was used for:',
  '  read or change settings        config_list -o/-i, or REST: /3.1/lists/LIST/config',
  '  see all that a list has        mailman export LIST --json',
  '  change the address of a list   mailman migrate export21, mailman import21 --create under the new name',
  '  fix_url                        [web] base_url in mailman.cfg: where the pages of all lists are',
  '  reset_pw, members’ passwords   each member changes it on the web pages, or by mail: password OLD NEW',
  '  list or change members         list_members, add_members, remove_members, sync_members, clone_member',
  '  scripts of your own            REST, by the interface of Mailman 3; --json of most commands',
];

/** `withlist`: says what to use instead. */
export const tool: LegacyTool = {
  usage: ['Usage: withlist', '', ...INSTEAD],
  run: async (_argv, context) => {
    for (const line of INSTEAD) context.warn(line);
    return 1;
  },
};
