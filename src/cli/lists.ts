import { allLists } from '../database/lists.ts';
import { domainKey } from '../model/email-address.ts';
import { type MailingList, postingAddress } from '../model/mailing-list.ts';
import { collect } from './collect.ts';
import type { CliCommand } from './command.ts';

interface Options {
  readonly advertised?: boolean;
  readonly names?: boolean;
  readonly descriptions?: boolean;
  readonly quiet?: boolean;
  readonly domain?: readonly string[];
  readonly json?: boolean;
}

/** `mailman lists` */
export const lists: CliCommand = {
  define: (command, context) => {
    command
      .description('List the mailing lists, sorted by posting address.')
      .option('-a, --advertised', 'Only lists that are advertised.')
      .option('-n, --names', 'Show the display names too.')
      .option('-N, --no-names', 'Do not (the default).')
      .option('-d, --descriptions', 'Show the descriptions too.')
      .option('-D, --no-descriptions', 'Do not (the default).')
      .option('-q, --quiet', 'Leave out the heading.')
      .option('--domain <DOMAIN>', 'Only lists of this domain; may be given several times.', collect)
      .option('--json', 'Show the lists as JSON, with names and descriptions.')
      .action(async (options: Options) => {
        const all = await context.withDatabase(({ connection }) => allLists(connection));
        const chosen = choose(all, options);
        if (options.json) context.printJson(chosen.map(toJson));
        else for (const line of format(chosen, options)) context.print(line);
      });
  },
};

function choose(all: readonly MailingList[], { advertised, domain }: Options): MailingList[] {
  const domains = domain && new Set(domain.map(domainKey));
  return all
    .filter(({ settings }) => !advertised || settings.advertised)
    .filter(({ mailHost }) => !domains || domains.has(mailHost))
    .sort((a, b) => (postingAddress(a) < postingAddress(b) ? -1 : 1));
}

function format(chosen: readonly MailingList[], { names, descriptions, quiet }: Options): string[] {
  if (chosen.length === 0) return quiet ? [] : ['No matching mailing lists found'];
  const heading = quiet ? [] : [`${chosen.length} matching mailing lists found:`];
  const rows = chosen.map((list) => ({
    identifier: names ? `${postingAddress(list)} [${list.settings.display_name}]` : postingAddress(list),
    description: descriptions ? list.settings.description : '',
  }));
  const width = Math.max(...rows.map(({ identifier }) => identifier.length));
  const lines = rows.map(({ identifier, description }) =>
    description === '' ? identifier : `${identifier.padEnd(width)} - ${description}`,
  );
  return [...heading, ...lines];
}

function toJson(list: MailingList) {
  const { display_name, description, advertised } = list.settings;
  return {
    list_id: list.listId,
    fqdn_listname: postingAddress(list),
    mail_host: list.mailHost,
    display_name,
    description,
    advertised,
    created_at: list.createdAt,
  };
}
