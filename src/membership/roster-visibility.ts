import type { RosterEntry } from '../database/roster.ts';
import type { MailingList } from '../model/mailing-list.ts';

/** What somebody is to a list. */
export type Standing = 'moderator' | 'member' | 'stranger';

/** Whether a list shows its members to somebody of this standing. */
export function maySeeRoster({ settings }: MailingList, standing: Standing): boolean {
  const visibility = settings.member_roster_visibility;
  if (visibility === 'public' || standing === 'moderator') return true;
  return visibility === 'members' && standing === 'member';
}

/** Who has chosen to be hidden. Mailman 3's default for all would leave nobody to be shown. */
export function isHidden({ member }: RosterEntry): boolean {
  return member.preferences.hide_address === true;
}
