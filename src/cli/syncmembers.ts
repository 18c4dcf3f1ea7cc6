import { type RosterEntry, roster } from '../database/roster.ts';
import { judgeSubscriptions, type SubscribeOutcome } from '../membership/subscribe.ts';
import { addressKey, formatMailbox, type Mailbox } from '../model/email-address.ts';
import type { MailingList } from '../model/mailing-list.ts';
import type { Step } from '../queue/step.ts';
import type { CliCommand } from './command.ts';
import type { CliContext } from './context.ts';
import { readMemberFile } from './member-file.ts';
import { namedListForChange } from './named-list.ts';
import { runCliStep } from './step.ts';
import {
  type Delivery,
  deliveries,
  skippedLine,
  skippedToJson,
  subscribeOptions,
  toJson,
} from './subscribing.ts';

interface Options {
  readonly delivery?: Delivery;
  readonly welcomeMsg?: boolean;
  readonly goodbyeMsg?: boolean;
  readonly adminNotify?: boolean;
  /** False with `-n`. */
  readonly change?: boolean;
  readonly json?: boolean;
}

/** `mailman syncmembers` */
export const syncmembers: CliCommand = {
  define: (command, context) => {
    command
      .description(
        'Make the members of a list those of a file: who is only there is added, who is not there is removed. Names and settings of the others stay.',
      )
      .argument('<FILENAME>', 'One "Name <address>" or address a line, in UTF-8; - is standard input.')
      .argument('<LISTSPEC>', 'Posting address or List-Id of the list.')
      .addOption(
        command.createOption('-d, --delivery <MODE>', 'How new members get their mail.').choices(deliveries),
      )
      .option('-w, --welcome-msg', 'Send a welcome message, whatever the list says.')
      .option('-W, --no-welcome-msg', 'Send none.')
      .option('-g, --goodbye-msg', 'Send a goodbye message, whatever the list says.')
      .option('-G, --no-goodbye-msg', 'Send none.')
      .option('-a, --admin-notify', 'Tell the administrators of each change, whatever the list says.')
      .option('-A, --no-admin-notify', 'Do not.')
      .option('-n, --no-change', 'Show what would be done, and do nothing.')
      .option('--json', 'Show the outcome as JSON.')
      .action(async (file: string, listSpec: string, options: Options) => {
        const people = withoutRepetitions(readMemberFile(file, "'FILENAME'"));
        report(
          context,
          await runCliStep(context, (step) => synchronise(step, listSpec, people, options)),
          options,
        );
      });
  },
};

/** What has become of the people of a file and of the members who are not in it. */
interface Outcome {
  readonly list: MailingList;
  readonly added: readonly Mailbox[];
  /** One for each of `added`. */
  readonly outcomes: readonly SubscribeOutcome[];
  readonly removed: readonly Mailbox[];
}

async function synchronise(
  step: Step,
  listSpec: string,
  people: readonly [key: string, mailbox: Mailbox][],
  options: Options,
): Promise<Outcome> {
  const { connection } = step;
  const list = await namedListForChange(connection, listSpec);
  const present = await roster(
    connection,
    { listId: list.listId, roles: ['member'] },
    list.settings.preferred_language,
  );
  const known = new Set(present.map(({ member }) => member.email));
  const added = people.filter(([key]) => !known.has(key)).map(([, mailbox]) => mailbox);
  const wanted = new Set(people.map(([key]) => key));
  const removed = present.filter(({ member }) => !wanted.has(member.email)).map(mailboxOf);
  if (options.change === false) {
    const outcomes = await judgeSubscriptions(connection, list, added, 'member');
    return { list, added, outcomes, removed };
  }
  const { addMembers, removeMembers } = await import('../membership/mass.ts');
  const told = { toOwners: options.adminNotify, whence: 'mailman syncmembers' };
  await removeMembers(step, list, removed, { toPerson: options.goodbyeMsg, ...told });
  const outcomes = await addMembers(step, list, added, {
    ...subscribeOptions(options.delivery),
    toPerson: options.welcomeMsg,
    ...told,
  });
  return { list, added, outcomes, removed };
}

function report(
  context: CliContext,
  { list, added, outcomes, removed }: Outcome,
  { change, json }: Options,
): void {
  for (const [index, mailbox] of added.entries()) {
    const line = skippedLine(mailbox, outcomes[index]);
    if (line !== undefined) context.warn(line);
  }
  const subscribed = added.filter((_, index) => outcomes[index] === 'subscribed');
  if (json) {
    context.printJson({
      list_id: list.listId,
      changed: change !== false,
      added: subscribed.map(toJson),
      removed: removed.map(toJson),
      skipped: skippedToJson(added, outcomes),
    });
    return;
  }
  for (const mailbox of subscribed) context.print(`[ADD] ${formatMailbox(mailbox)}`);
  for (const mailbox of removed) context.print(`[DEL] ${formatMailbox(mailbox)}`);
  if (subscribed.length + removed.length === 0) context.print('Nothing to do');
}

/** Each person once, the first line counts, sorted by the key under which addresses compare. */
function withoutRepetitions(mailboxes: readonly Mailbox[]): [key: string, mailbox: Mailbox][] {
  const people = new Map<string, Mailbox>();
  for (const mailbox of mailboxes) {
    const key = addressKey(mailbox.address);
    if (!people.has(key)) people.set(key, mailbox);
  }
  return [...people].sort(([a], [b]) => (a < b ? -1 : 1));
}

function mailboxOf({ member, displayName }: RosterEntry): Mailbox {
  return { address: member.originalEmail, displayName };
}
