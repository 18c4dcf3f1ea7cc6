import { runCliStep } from '../../src/cli/step.ts';
import { bansFor } from '../../src/database/bans.ts';
import { compileBans } from '../../src/membership/bans.ts';
import { addMembers, type InviteOutcome, inviteMembers } from '../../src/membership/mass.ts';
import { addressKey } from '../../src/model/email-address.ts';
import type { DeliveryMode } from '../../src/model/enums.ts';
import type { MailingList } from '../../src/model/mailing-list.ts';
import type { Step } from '../../src/queue/step.ts';
import { badAddress, type Entry, readEntryLines, toEntry } from './entries.ts';
import { getopt } from './getopt.ts';
import { neededList } from './legacy-list.ts';
import { type LegacyTool, ToolUsageError } from './tool.ts';
import { yesNo } from './yes-no.ts';

/** `add_members` */
export const tool: LegacyTool = {
  usage: [
    'Usage: add_members [-r FILE] [-d FILE] [-w y|n] [-a y|n] [-i] [-n] LISTNAME',
    '',
    '  -r FILE, --regular-members-file=FILE  people who get each post by itself, one a line; - is standard input',
    '  -d FILE, --digest-members-file=FILE   people who get digests',
    '  -w y|n, --welcome-msg=y|n             whether they are welcomed, whatever the list says',
    '  -a y|n, --admin-notify=y|n            whether the owners are told, whatever the list says',
    '  -i, --invite                          invite them instead',
    '  -n, --nomail                          without delivery of mail',
  ],
  run: async (argv, context) => {
    const { options, rest } = getopt(argv, [
      'r/regular-members-file=',
      'd/digest-members-file=',
      'w/welcome-msg=',
      'a/admin-notify=',
      'i/invite',
      'm/invite-msg-file=',
      'n/nomail',
    ]);
    const [name, ...extra] = rest;
    if (name === undefined || extra.length > 0) throw new ToolUsageError('Exactly one list name is required');
    const regularFile = options.get('regular-members-file')?.at(-1);
    const digestFile = options.get('digest-members-file')?.at(-1);
    if (regularFile === '-' && digestFile === '-')
      throw new ToolUsageError('Cannot read both digest and normal members from standard input.');
    if (options.has('invite-msg-file'))
      context.warn(
        'The text of -m is not sent; the template list:user:action:invite says what invitations say.',
      );
    const toPerson = yesNo('-w/--welcome-msg', options.get('welcome-msg'));
    const toOwners = yesNo('-a/--admin-notify', options.get('admin-notify'));
    const batches = [
      { entries: readEntries(digestFile), digest: true },
      { entries: readEntries(regularFile), digest: false },
    ];
    if (batches.every(({ entries }) => entries.length === 0)) {
      for (const line of tool.usage) context.print(line);
      context.print('Nothing to do.');
      return 0;
    }
    const lines = await runCliStep(context, async (step) => {
      const list = await neededList(step.connection, name);
      const said: string[] = [];
      for (const { entries, digest } of batches) {
        const deliveryMode = digest ? digestMode(list) : 'regular';
        const good = entries.filter((entry) => badAddress(entry) === undefined);
        const people = good.map(({ mailbox }) => mailbox);
        const common = {
          deliveryMode,
          deliveryStatus: options.has('nomail') ? ('by_moderator' as const) : undefined,
          toPerson,
          whence: 'bin/add_members',
        };
        const outcomes = options.has('invite')
          ? await inviteMembers(step, list, people, common)
          : await addMembers(step, list, people, { ...common, verified: true, toOwners });
        const byEntry = new Map(good.map((entry, index) => [entry, outcomes[index]]));
        for (const entry of entries)
          said.push(badAddress(entry) ?? (await outcomeLine(step, list, entry, byEntry.get(entry))));
      }
      return said;
    });
    for (const line of lines) context.print(line);
    return 0;
  },
};

function readEntries(file: string | undefined): Entry[] {
  if (file === undefined) return [];
  const lines = readEntryLines(file);
  // The line end of the last line begins no other.
  if (lines.at(-1) === '') lines.pop();
  return lines.map(toEntry);
}

function digestMode({ settings }: MailingList): DeliveryMode {
  return settings.mime_is_default_digest ? 'mime_digests' : 'plaintext_digests';
}

async function outcomeLine(
  { connection }: Step,
  { listId }: MailingList,
  { line, mailbox }: Entry,
  outcome: InviteOutcome | undefined,
): Promise<string> {
  switch (outcome) {
    case 'subscribed':
      return `Subscribed: ${line}`;
    case 'invited':
    case 'pending':
      return `Invited: ${line}`;
    case 'already':
      return `Already a member: ${line}`;
    case 'banned': {
      const key = addressKey(mailbox.address);
      const ban = (await bansFor(connection, listId)).find((one) => compileBans([one])(key));
      return `${line}: Banned address (matched ${ban?.email ?? key})`;
    }
    default:
      return `Bad/Invalid email address: ${line}`;
  }
}
