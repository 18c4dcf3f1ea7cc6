import type { Database } from '../database/handle.ts';
import { allLists, findList } from '../database/lists.ts';
import { type MailingList, postingAddress } from '../model/mailing-list.ts';
import { utcNow } from '../model/time.ts';
import { notifyModerators, waitingRequests } from '../moderation/waiting.ts';
import { collect } from './collect.ts';
import type { CliCommand } from './command.ts';
import type { CliContext } from './context.ts';
import { runStepOn } from './step.ts';

interface Options {
  readonly list?: readonly string[];
  readonly dryRun?: boolean;
  readonly verbose?: boolean;
  readonly json?: boolean;
}

/** `mailman notify` */
export const notify: CliCommand = {
  define: (command, context) => {
    command
      .description('Remind owners and moderators of the posts and requests that wait for them.')
      .option('-l, --list <LISTSPEC>', 'A list; may be given several times. All lists without it.', collect)
      .option('-n, --dry-run', 'Send nothing.')
      .option('-v, --verbose', 'Show how much waits at each list.')
      .option('--json', 'Show it as JSON.')
      .action(async (options: Options) => {
        const results = await context.withDatabase(async (database) => {
          const lists = await wantedLists(context, database, options.list);
          const counted: { readonly list: string; readonly requests: number }[] = [];
          for (const list of lists) {
            const requests = await remind(context, database, list, options.dryRun === true);
            counted.push({ list: postingAddress(list), requests });
          }
          return counted;
        });
        if (options.json) context.printJson(results);
        else if (options.verbose) {
          for (const { list, requests } of results) {
            context.print(`The ${list} list has ${requests} moderation requests waiting.`);
          }
        }
      });
  },
};

async function remind(
  context: CliContext,
  database: Database,
  list: MailingList,
  isRehearsal: boolean,
): Promise<number> {
  if (isRehearsal) return (await waitingRequests(database.connection, list.listId, utcNow())).count;
  return runStepOn(context, database, (step) => notifyModerators(step, list));
}

/** A list that does not exist is reported, and the others are done all the same, as in Mailman. */
async function wantedLists(
  context: CliContext,
  { connection }: Database,
  listSpecs: readonly string[] | undefined,
): Promise<MailingList[]> {
  if (!listSpecs) return allLists(connection);
  const lists: MailingList[] = [];
  for (const listSpec of listSpecs) {
    const list = await findList(connection, listSpec);
    if (list) lists.push(list);
    else context.warn(`No such list found: ${listSpec}`);
  }
  return lists;
}
