import { runCliStep } from '../../src/cli/step.ts';
import { type RosterEntry, roster } from '../../src/database/roster.ts';
import { addMembers, removeMembers } from '../../src/membership/mass.ts';
import { judgeSubscriptions } from '../../src/membership/subscribe.ts';
import { addressKey, formatMailbox, type Mailbox } from '../../src/model/email-address.ts';
import { badAddress, type Entry, readEntryLines, toEntry } from './entries.ts';
import { getopt } from './getopt.ts';
import { byText, legacyList } from './legacy-list.ts';
import { type LegacyTool, ToolUsageError } from './tool.ts';

const COLUMN = 30;

/** `sync_members` */
export const tool: LegacyTool = {
  usage: [
    'Usage: sync_members [-n] [-w[=yes|no]] [-g[=yes|no]] [-d[=yes|no]] [-a[=yes|no]] -f FILE LISTNAME',
    '',
    '  -f FILE, --file FILE               the people who are to be members, one a line; - is standard input',
    '  -n, --no-change                    only show what would be done',
    '  -w[=yes|no], --welcome-msg[=...]   whether new members are welcomed, whatever the list says',
    '  -g[=yes|no], --goodbye-msg[=...]   whether goodbye is said, whatever the list says',
    '  -d[=yes|no], --digest[=...]        whether new members get digests',
    '  -a[=yes|no], --notifyadmin[=...]   whether the owners are told, whatever the list says',
  ],
  run: async (argv, context) => {
    const { options, rest } = getopt(argv, [
      'n/no-change',
      'w/welcome-msg?',
      'g/goodbye-msg?',
      'd/digest?',
      'a/notifyadmin?',
      'f/file=',
    ]);
    const [name, ...extra] = rest;
    const file = options.get('file')?.at(-1);
    if (name === undefined || extra.length > 0) throw new ToolUsageError('Exactly one list name is required');
    if (file === undefined) throw new ToolUsageError('Argument to -f (--file) is missing');
    const chosen = (long: string): boolean | undefined => answer(long, options.get(long));
    const isDry = options.has('no-change');
    if (isDry) context.print('Dry run mode');
    const lines = readEntryLines(file);
    if (lines.at(-1) === '') lines.pop();
    const entries = lines.map(toEntry);
    const ignored = entries.filter(({ line }) => line === '' || line.startsWith('#'));
    for (const { line } of ignored.toReversed()) context.print(`Ignore  : ${line.padStart(COLUMN)}`);
    const people = entries.filter((entry) => !ignored.includes(entry));
    if (refuseInvalid(people, (line) => context.print(line))) return 1;
    const result = await runCliStep(context, async (step) => {
      const list = await legacyList(step.connection, name);
      if (!list) return undefined;
      const present = await roster(
        step.connection,
        { listId: list.listId, roles: ['member'] },
        list.settings.preferred_language,
      );
      const wanted = new Map(people.map(({ mailbox }) => [addressKey(mailbox.address), mailbox]));
      const known = new Set(present.map(({ member }) => member.email));
      const added = [...wanted].filter(([key]) => !known.has(key)).map(([, mailbox]) => mailbox);
      const removed = present.filter(({ member }) => !wanted.has(member.email)).map(mailboxOf);
      const toOwners = chosen('notifyadmin');
      const digest = chosen('digest');
      const outcomes = isDry
        ? await judgeSubscriptions(step.connection, list, added, 'member')
        : await addMembers(step, list, added, {
            verified: true,
            deliveryMode:
              digest === undefined
                ? undefined
                : !digest
                  ? 'regular'
                  : list.settings.mime_is_default_digest
                    ? 'mime_digests'
                    : 'plaintext_digests',
            toPerson: chosen('welcome-msg'),
            toOwners,
            whence: '',
          });
      if (!isDry)
        await removeMembers(step, list, removed, { toPerson: chosen('goodbye-msg'), toOwners, whence: '' });
      return { added: added.filter((_, index) => outcomes[index] === 'subscribed'), removed };
    });
    if (!result) {
      context.print(`No such list: ${name}`);
      return 1;
    }
    const byAddress = (one: Mailbox, other: Mailbox): number =>
      byText(addressKey(one.address), addressKey(other.address));
    for (const mailbox of result.added.toSorted(byAddress))
      context.print(`Added  : ${formatMailbox(mailbox)}`);
    for (const mailbox of result.removed.toSorted(byAddress))
      context.print(`Removed: ${formatMailbox(mailbox)}`);
    if (result.added.length + result.removed.length === 0) context.print('Nothing to do.');
    return 0;
  },
};

function answer(long: string, values: readonly string[] | undefined): boolean | undefined {
  const value = values?.at(-1)?.toLowerCase();
  if (value === undefined) return undefined;
  if (value === '' || value === 'yes') return true;
  if (value === 'no') return false;
  throw new ToolUsageError(`Bad choice for --${long}: ${value}`);
}

/** One address that is none, and nothing is changed. */
function refuseInvalid(people: readonly Entry[], say: (line: string) => void): boolean {
  const invalid = people.filter((entry) => badAddress(entry) !== undefined);
  for (const { line } of invalid) say(`Invalid : ${line.padStart(COLUMN)}`);
  if (invalid.length > 0) say('You must fix the preceding invalid addresses first.');
  return invalid.length > 0;
}

function mailboxOf({ member, displayName }: RosterEntry): Mailbox {
  return { address: member.originalEmail, displayName };
}
