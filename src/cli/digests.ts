import { listsOfMailman2 } from '../database/cutover.ts';
import { listsWithCollectedPosts } from '../database/digest-messages.ts';
import type { Database } from '../database/handle.ts';
import { allLists, findList } from '../database/lists.ts';
import type { DigestAnswer, DigestRequest } from '../digests/request.ts';
import { FerrymanError } from '../errors.ts';
import { collect } from './collect.ts';
import type { CliCommand } from './command.ts';
import type { CliContext } from './context.ts';
import { runStepOn } from './step.ts';

interface Options extends DigestRequest {
  readonly list?: readonly string[];
  readonly verbose?: boolean;
  readonly json?: boolean;
}

/** Mailman takes this for a failure, not for wrong usage. */
class DigestOptionsError extends FerrymanError {
  override name = 'DigestOptionsError';
}

/** `mailman digests` */
export const digests: CliCommand = {
  define: (command, context) => {
    command
      .description('Send the digests that lists have collected, or change their number.')
      .option(
        '-l, --list <LISTSPEC>',
        'Posting address or List-Id of a list; may be given several times. Default: all lists.',
        collect,
      )
      .option('-s, --send', 'Send what was collected now.')
      .option('-b, --bump', 'Change the number of the next digest, or its volume; before anything is sent.')
      .option('-n, --dry-run', 'Change nothing; with --verbose, show what would be done.')
      .option('-v, --verbose', 'Show what is done.')
      .option('-p, --periodic', 'Send only digests of lists that send them periodically.')
      .option('--json', 'Show what is done as JSON.')
      .action(async (options: Options) => {
        if (options.send && options.periodic)
          throw new DigestOptionsError('--send and --periodic flags cannot be used together');
        const results = await context.withDatabase((database) => work(context, database, options));
        if (options.json) context.printJson(results);
      });
  },
};

/** Each list in a transaction of its own: a server that runs is held up only for a moment. */
async function work(context: CliContext, database: Database, options: Options) {
  const { requestDigest } = await import('../digests/request.ts');
  const results: ReturnType<typeof toJson>[] = [];
  for (const listId of await wantedLists(context, database, options)) {
    const answer = await runStepOn(context, database, (step) => requestDigest(step, listId, options));
    if (!answer) continue;
    results.push(toJson(listId, answer));
    if (options.verbose && !options.json) for (const line of format(listId, answer)) context.print(line);
  }
  return results;
}

async function wantedLists(
  context: CliContext,
  { connection }: Database,
  options: Options,
): Promise<readonly string[]> {
  if (!options.list) {
    const isSeen = options.bump || options.verbose || options.json;
    const all = isSeen
      ? (await allLists(connection)).map(({ listId }) => listId)
      : await listsWithCollectedPosts(connection);
    // Mailman 2 sends the digests of its lists, until they are led from here.
    const others = await listsOfMailman2(connection);
    return all.filter((listId) => !others.has(listId));
  }
  const listIds: string[] = [];
  for (const listSpec of options.list) {
    const list = await findList(connection, listSpec);
    if (list) listIds.push(list.listId);
    else context.warn(`No such list found: ${listSpec}`);
  }
  return listIds;
}

/** `sent` is said of a list that has nothing to send, too. */
function format(listId: string, { before, bumped, wanted, sent }: DigestAnswer): string[] {
  const lines = bumped
    ? [
        `${listId} is at volume ${before.volume}, number ${before.number}`,
        `${listId} bumped to volume ${bumped.volume}, number ${bumped.number}`,
      ]
    : [];
  for (const { volume, number } of wanted && sent.length === 0 ? [wanted] : sent)
    lines.push(`${listId} sent volume ${volume}, number ${number}`);
  return lines;
}

function toJson(listId: string, { before, bumped, sent }: DigestAnswer) {
  return { list_id: listId, ...before, bumped: bumped ?? null, sent };
}
