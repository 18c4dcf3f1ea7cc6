import { findMembers } from '../../database/members.ts';
import { type RosterEntry, type RosterFilter, roster } from '../../database/roster.ts';
import { memberForSender } from '../../membership/sender-member.ts';
import { addressKey } from '../../model/email-address.ts';
import { deliveryModes, deliveryStatuses } from '../../model/enums.ts';
import { postingAddress } from '../../model/mailing-list.ts';
import type { CommandMail, EmailCommand } from './command.ts';

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
    const { step, list, say, answer, warn } = mail;
    const wrong = words.filter((word) => !SELECTIONS.has(word.toLowerCase()));
    if (wrong.length > 0) {
      warn(`${say('command_bad_arguments')} ${wrong.join(', ')}`);
      return 'stop';
    }
    const standing = await standingOf(mail);
    if (!maySee(list.settings.member_roster_visibility, standing)) {
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
    for (const entry of entries) if (standing === 'moderator' || !hides(entry)) answer(`    ${line(entry)}`);
    return 'go on';
  },
};

type Standing = 'moderator' | 'member' | 'stranger';

async function standingOf({ step: { connection }, list, sender }: CommandMail): Promise<Standing> {
  const key = addressKey(sender.address);
  for (const role of ['owner', 'moderator'] as const) {
    if ((await findMembers(connection, list.listId, role, [key])).size > 0) return 'moderator';
  }
  return (await memberForSender(connection, list.listId, key)) ? 'member' : 'stranger';
}

function maySee(visibility: 'public' | 'members' | 'moderators', standing: Standing): boolean {
  if (visibility === 'public' || standing === 'moderator') return true;
  return visibility === 'members' && standing === 'member';
}

/** Who has chosen to be hidden. Mailman 3's default for all would leave nobody to be shown. */
function hides({ member }: RosterEntry): boolean {
  return member.preferences.hide_address === true;
}

function line({ member, displayName }: RosterEntry): string {
  return displayName === '' ? member.originalEmail : `${member.originalEmail} (${displayName})`;
}
