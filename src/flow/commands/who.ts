import { findMembers } from '../../database/members.ts';
import { type RosterEntry, type RosterFilter, roster } from '../../database/roster.ts';
import { isHidden, maySeeRoster, type Standing } from '../../membership/roster-visibility.ts';
import { memberForSender } from '../../membership/sender-member.ts';
import { addressKey } from '../../model/email-address.ts';
import { deliveryModes, deliveryStatuses } from '../../model/enums.ts';
import { postingAddress } from '../../model/mailing-list.ts';
import type { CommandMail, EmailCommand, NextLines } from './command.ts';

/** What each argument picks; several of them must all fit. */
const SELECTIONS: ReadonlyMap<string, Pick<RosterFilter, 'deliveryModes' | 'deliveryStatuses'>> = new Map([
  ['delivery=enabled', { deliveryStatuses: ['enabled'] }],
  ['delivery=disabled', { deliveryStatuses: deliveryStatuses.filter((status) => status !== 'enabled') }],
  ['mode=digest', { deliveryModes: deliveryModes.filter((mode) => mode !== 'regular') }],
  ['mode=regular', { deliveryModes: ['regular'] }],
]);

/** `who`: the members, for those whom member_roster_visibility lets see them. The answer goes to the same address. */
export const who: EmailCommand = {
  name: 'who',
  aliases: [],
  usage: '[delivery=enabled|disabled] [mode=digest|regular]',
  summary: 'help_who',
  details: ['help_who_more'],
  run: async (mail, words) => {
    const wrong = words.filter((word) => !isSelection(word));
    return wrong.length > 0
      ? refuseArguments(mail, wrong)
      : answerMembers(mail, words, await standingOf(mail));
  },
};

/** Whether a word of the command picks some of the members. */
export function isSelection(word: string): boolean {
  return SELECTIONS.has(word.toLowerCase());
}

/** Says that there are words too many. */
export function refuseArguments({ say, warn }: CommandMail, wrong: readonly string[]): NextLines {
  warn(`${say('command_bad_arguments')} ${wrong.join(', ')}`);
  return 'stop';
}

/** Answers with the members that the words pick, if the list lets somebody of this standing see them. */
export async function answerMembers(
  { step, list, say, answer, warn }: CommandMail,
  words: readonly string[],
  standing: Standing,
): Promise<NextLines> {
  if (!maySeeRoster(list, standing)) {
    warn(say('command_members_hidden'));
    return 'stop';
  }
  const selection = words.map((word) => SELECTIONS.get(word.toLowerCase()) ?? {});
  const entries = await roster(
    step.connection,
    { listId: list.listId, roles: ['member'], ...Object.assign({}, ...selection) },
    list.settings.preferred_language,
  );
  answer(say('command_members', { listname: postingAddress(list) }));
  for (const entry of entries) if (standing === 'moderator' || !isHidden(entry)) answer(`    ${line(entry)}`);
  return 'go on';
}

/** What the address is to the list that a mail comes from; the answer goes there. */
async function standingOf({ step: { connection }, list, sender }: CommandMail): Promise<Standing> {
  const key = addressKey(sender.address);
  for (const role of ['owner', 'moderator'] as const) {
    if ((await findMembers(connection, list.listId, role, [key])).size > 0) return 'moderator';
  }
  return (await memberForSender(connection, list.listId, key)) ? 'member' : 'stranger';
}

function line({ member, displayName }: RosterEntry): string {
  return displayName === '' ? member.originalEmail : `${member.originalEmail} (${displayName})`;
}
