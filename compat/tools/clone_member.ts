import { runCliStep } from '../../src/cli/step.ts';
import { allLists } from '../../src/database/lists.ts';
import { findMembers, membersOfList } from '../../src/database/members.ts';
import { cloneMember } from '../../src/membership/clone-member.ts';
import { unsubscribe } from '../../src/membership/unsubscribe.ts';
import { addressKey, isValidAddress } from '../../src/model/email-address.ts';
import type { MailingList } from '../../src/model/mailing-list.ts';
import type { Step } from '../../src/queue/step.ts';
import { getopt } from './getopt.ts';
import { byText, legacyList, legacyNames } from './legacy-list.ts';
import { type LegacyTool, ToolUsageError } from './tool.ts';

interface Cloning {
  readonly from: string;
  readonly to: string;
  readonly remove: boolean;
  readonly admin: boolean;
  readonly modify: boolean;
  /** Says what is being done, unless that is not wanted. */
  readonly say: (line: string) => void;
  /** Says it in any case. */
  readonly insist: (line: string) => void;
}

/** `clone_member` */
export const tool: LegacyTool = {
  usage: [
    'Usage: clone_member [-l LISTNAME]... [-r] [-a] [-q] [-n] OLDADDRESS NEWADDRESS',
    '',
    '  -l NAME, --listname=NAME  only on this list; may be repeated',
    '  -r, --remove              remove the old address afterwards',
    '  -a, --admin               also among the owners',
    '  -q, --quiet               say nothing',
    '  -n, --nomodify            only show what would be done',
  ],
  run: async (argv, context) => {
    const { options, rest } = getopt(argv, ['l/listname=', 'r/remove', 'a/admin', 'q/quiet', 'n/nomodify']);
    const [from, to, ...extra] = rest;
    if (from === undefined || to === undefined || extra.length > 0)
      throw new ToolUsageError('Old and new address are required');
    if (!isValidAddress(to)) throw new ToolUsageError(`Not a valid email address: ${to}`);
    const lines = await runCliStep(context, async (step) => {
      const said: string[] = [];
      const insist = (line: string): number => said.push(line);
      const cloning: Cloning = {
        from,
        to,
        remove: options.has('remove'),
        admin: options.has('admin'),
        modify: !options.has('nomodify'),
        say: options.has('quiet') ? () => undefined : insist,
        insist,
      };
      const all = await allLists(step.connection);
      const names = legacyNames(all);
      const given = options.get('listname');
      if (!given) for (const list of all) await cloneOn(step, list, names.get(list.listId) ?? '', cloning);
      for (const name of given ?? []) {
        const list = await legacyList(step.connection, name);
        if (list) await cloneOn(step, list, names.get(list.listId) ?? name, cloning);
        else insist(`Error opening list "${name}", skipping.`);
      }
      return said;
    });
    for (const line of lines) context.print(line);
    return 0;
  },
};

async function cloneOn(step: Step, list: MailingList, name: string, cloning: Cloning): Promise<void> {
  const { connection, clock } = step;
  const { from, to, remove, admin, modify, say, insist } = cloning;
  say(`processing mailing list: ${name}`);
  if (admin) await cloneOwner(step, list, cloning);
  const key = addressKey(from);
  const member = (await findMembers(connection, list.listId, 'member', [key])).get(key);
  if (!member) {
    say(`    address not found: ${from}`);
    return;
  }
  const mailbox = { address: to, displayName: member.displayName };
  const present = await findMembers(connection, list.listId, 'member', [addressKey(to)]);
  const isNew = modify ? await cloneMember(connection, member, mailbox, clock.now()) : present.size === 0;
  say(isNew ? `    clone address added: ${to}` : `    clone address is already a member: ${to}`);
  if (!remove) return;
  if (modify) await unsubscribe(connection, list, 'member', [from]);
  insist(`    original address removed: ${from}`);
}

async function cloneOwner(
  { connection, clock }: Step,
  list: MailingList,
  { from, to, remove, modify, say }: Cloning,
): Promise<void> {
  const owners = await membersOfList(connection, list.listId, ['owner']);
  const old = owners.map(({ originalEmail }) => originalEmail).sort(byText);
  say(`    scanning list owners: ${old.join(' ')}`);
  const owner = owners.find(({ email }) => email === addressKey(from));
  if (!owner) {
    say('    (no change)');
    return;
  }
  if (modify) {
    await cloneMember(connection, owner, { address: to, displayName: owner.displayName }, clock.now());
    if (remove) await unsubscribe(connection, list, 'owner', [from]);
  }
  const kept = old.filter((address) => !remove || addressKey(address) !== addressKey(from));
  say(`    new list owners: ${[...new Set([...kept, to])].sort(byText).join(' ')}`);
}
