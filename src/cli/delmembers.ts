import type { Connection } from '../database/handle.ts';
import { allLists } from '../database/lists.ts';
import { membersOfList } from '../database/members.ts';
import { UsageError } from '../errors.ts';
import type { MassOptions } from '../membership/mass.ts';
import type { Mailbox } from '../model/email-address.ts';
import type { MailingList } from '../model/mailing-list.ts';
import type { Step } from '../queue/step.ts';
import { collect } from './collect.ts';
import type { CliCommand } from './command.ts';
import { readMemberFile, toMailbox } from './member-file.ts';
import { namedListForChange } from './named-list.ts';
import { shorten } from './printable.ts';
import { runCliStep } from './step.ts';

interface Options {
  readonly list?: string;
  readonly file?: string;
  readonly member?: readonly string[];
  readonly all?: boolean;
  readonly fromall?: boolean;
  readonly goodbyeMsg?: boolean;
  readonly adminNotify?: boolean;
  readonly json?: boolean;
}

/** Who is to leave one list. */
interface Departure {
  readonly list: MailingList;
  readonly people: readonly Mailbox[];
}

/** `mailman delmembers` */
export const delmembers: CliCommand = {
  define: (command, context) => {
    command
      .description(
        'Remove members from a list, or from all lists, at once, whatever the unsubscription policy.',
      )
      .option('-l, --list <LISTSPEC>', 'Posting address or List-Id of the list.')
      .option('-f, --file <FILENAME>', 'Remove the people in this file, one a line; - is standard input.')
      .option('-m, --member <ADDRESS>', 'Remove this member; may be given several times.', collect)
      .option('-a, --all', 'Remove all members of the list.')
      .option('--fromall', 'Remove the members from every list.')
      .option('-g, --goodbye-msg', 'Send a goodbye message, whatever the list says.')
      .option('-G, --no-goodbye-msg', 'Send none.')
      .option('-n, --admin-notify', 'Tell the administrators of each change, whatever the list says.')
      .option('-N, --no-admin-notify', 'Do not.')
      .option('--json', 'Show who was removed as JSON.')
      .action(async (options: Options) => {
        checkCombination(options);
        const given = [
          ...(options.file === undefined ? [] : readMemberFile(options.file, "'--file' / '-f'")),
          ...(options.member ?? []).map(toMailbox),
        ];
        const { removed, absent } = await runCliStep(context, async (step) => {
          const departures = await plan(step.connection, options, given);
          return depart(step, departures, {
            toPerson: options.goodbyeMsg,
            toOwners: options.adminNotify,
            whence: 'mailman delmembers',
          });
        });
        for (const email of absent) context.warn(`Member not subscribed (skipping): ${shorten(email)}`);
        if (options.json) context.printJson({ removed, not_subscribed: absent });
      });
  },
};

function checkCombination({ list, file, member, all, fromall }: Options): void {
  const named = file !== undefined || member !== undefined;
  if (fromall && (list !== undefined || all))
    throw new UsageError('--fromall may not be specified with -l/--list, or -a/--all');
  if (!fromall && list === undefined) throw new UsageError('Without --fromall, -l/--list is required.');
  if (!all && !named) throw new UsageError('At least one of -a/--all, -f/--file or -m/--member is required.');
  if (all && named) throw new UsageError('-a/--all must not be specified with -f/--file or -m/--member.');
}

async function plan(
  connection: Connection,
  options: Options,
  people: readonly Mailbox[],
): Promise<readonly Departure[]> {
  if (options.list === undefined) return (await allLists(connection)).map((list) => ({ list, people }));
  const list = await namedListForChange(connection, options.list);
  if (!options.all) return [{ list, people }];
  const members = await membersOfList(connection, list.listId, ['member']);
  return [
    { list, people: members.map(({ originalEmail }) => ({ address: originalEmail, displayName: '' })) },
  ];
}

/** @returns who left which list, and who was on none of them */
async function depart(step: Step, departures: readonly Departure[], options: MassOptions) {
  const { removeMembers } = await import('../membership/mass.ts');
  const removed: { list_id: string; email: string }[] = [];
  const absent = new Set(departures.flatMap(({ people }) => people.map(({ address }) => address)));
  for (const { list, people } of departures) {
    const were = await removeMembers(step, list, people, options);
    for (const [index, { address: email }] of people.entries()) {
      if (!were[index]) continue;
      absent.delete(email);
      removed.push({ list_id: list.listId, email });
    }
  }
  return { removed, absent: [...absent] };
}
