import type { Connection } from '../database/handle.ts';
import { UsageError } from '../errors.ts';
import { CreateListError, createList, type ListRules, type NewList } from '../lists/create.ts';
import { listRules } from '../lists/rules.ts';
import { type MailingList, postingAddress } from '../model/mailing-list.ts';
import type { Step } from '../queue/step.ts';
import { collect } from './collect.ts';
import type { CliCommand } from './command.ts';
import { refreshMaps } from './refresh-maps.ts';
import { runStepOn } from './step.ts';

interface Options {
  readonly language?: string;
  readonly owner?: readonly string[];
  readonly notify?: boolean;
  readonly quiet?: boolean;
  readonly domain?: boolean;
  readonly json?: boolean;
}

/** `mailman create` */
export const create: CliCommand = {
  // Mailman's own name for "do not notify" has a single dash, which is otherwise -n -o -n….
  spellings: { '-no-notify': '--no-notify' },
  define: (command, context) => {
    command
      .description('Create a mailing list with the style that [styles] default names.')
      .argument('<LISTNAME>', 'The address that people will post to, such as ant@example.com.')
      .option('--language <CODE>', "The list's preferred language instead of the server's.")
      .option('-o, --owner <ADDRESS>', 'An owner; may be given several times.', collect)
      .option('-n, --notify', 'Tell the owners by mail.')
      .option('-N, --no-notify', 'Tell nobody (the default); also -no-notify, as in Mailman.')
      .option('-q, --quiet', 'Print nothing.')
      .option('-d, --domain', 'Create the domain too where it is missing (the default).')
      .option('-D, --no-domain', 'Refuse where the domain is missing.')
      .option('--json', 'Show what was created as JSON.')
      .action(async (address: string, options: Options) => {
        const config = context.config();
        const wanted = {
          address,
          style: config.styles.default,
          language: options.language ?? config.mailman.default_language,
          owners: options.owner ?? [],
          createDomain: options.domain ?? true,
        };
        const list = await context.withDatabase(async (database) => {
          const made = await runStepOn(context, database, async (step) => {
            const created = await createOrRefuse(step.connection, wanted, listRules(config));
            if (options.notify) await tellOwners(step, created, wanted.owners);
            return created;
          });
          await refreshMaps(context, database);
          return made;
        });
        if (options.json) {
          context.printJson({
            list_id: list.listId,
            fqdn_listname: postingAddress(list),
            preferred_language: list.settings.preferred_language,
            owners: wanted.owners,
          });
        } else if (!options.quiet) context.print(`Created mailing list: ${postingAddress(list)}`);
      });
  },
};

async function tellOwners(step: Step, list: MailingList, owners: readonly string[]): Promise<void> {
  const { sendNotice } = await import('../templates/notice-sending.ts');
  const { newList } = await import('../templates/notices/lists.ts');
  for (const address of owners) await sendNotice(step, newList(list, { address, displayName: '' }));
}

async function createOrRefuse(
  connection: Connection,
  wanted: NewList,
  rules: ListRules,
): Promise<MailingList> {
  try {
    return await createList(connection, wanted, rules);
  } catch (error) {
    throw error instanceof CreateListError ? new UsageError(error.message) : error;
  }
}
