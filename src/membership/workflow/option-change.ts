import { findAddress } from '../../database/addresses.ts';
import { findMembers, updateMember } from '../../database/members.ts';
import { deletePending, insertPending, type Pending, pendingOf } from '../../database/pending.ts';
import type { MailingList } from '../../model/mailing-list.ts';
import type { Member } from '../../model/member.ts';
import type { Preferences } from '../../model/preferences.ts';
import { laterBy } from '../../model/time.ts';
import { newToken } from '../../model/token.ts';
import type { Step } from '../../queue/step.ts';
import { sendNotice } from '../../templates/notice-sending.ts';
import { confirmOptionChangeNotice } from '../../templates/notices/option-change.ts';
import { refuseWhereMailman2InCharge } from '../mailman2-in-charge.ts';
import { changeMemberPreferences } from '../preferences.ts';
import { recipientOf } from '../recipient.ts';
import { RequestRefused } from './refusal.ts';

/** What a member wants to be different on one list; what is left out stays. */
export interface OptionChange {
  readonly preferences: Partial<Preferences>;
  /** Whether passwords are to be mailed each month: kept for the way back to Mailman 2.1, without effect here. */
  readonly reminders?: boolean | undefined;
}

/** Unanswered mails to one member of one list. */
const MOST_OPEN_CHANGES = 3;

/** The option bit of Mailman 2.1 that says "no reminders". */
const NO_REMINDERS = 32;

/** Changes options of a membership at once. @returns the member as it is stored now @throws Mailman2InChargeError */
export async function changeOptions(
  { connection, clock }: Pick<Step, 'connection' | 'clock'>,
  list: MailingList,
  member: Member,
  { preferences, reminders }: OptionChange,
): Promise<Member> {
  await refuseWhereMailman2InCharge(connection, list, [member.email]);
  const changed = await changeMemberPreferences(connection, member, preferences, clock.now());
  if (reminders === undefined) return changed;
  const old = changed.legacy?.options ?? 0;
  const options = reminders ? old & ~NO_REMINDERS : old | NO_REMINDERS;
  const updated: Member = { ...changed, legacy: { ...changed.legacy, options } };
  await updateMember(connection, updated);
  return updated;
}

/** Whether a member would be reminded of the password, in Mailman 2.1. */
export function wantsReminders({ legacy }: Member): boolean {
  return ((legacy?.options ?? 0) & NO_REMINDERS) === 0;
}

/**
 * Asks a member by mail to confirm a change of options. Nothing changes before that.
 * @param shown the change, line by line, as its reader knows it
 * @throws RequestRefused too_many_requests
 */
export async function requestOptionChange(
  step: Step,
  list: MailingList,
  member: Member,
  change: OptionChange,
  shown: readonly string[],
): Promise<void> {
  const { connection, clock } = step;
  const now = clock.now();
  const open = await pendingOf(connection, list.listId, { kind: 'change_options', email: member.email }, now);
  if (open.length >= MOST_OPEN_CHANGES) throw new RequestRefused('too_many_requests');
  const token = newToken();
  await insertPending(connection, {
    token,
    listId: list.listId,
    kind: 'change_options',
    email: member.email,
    data: { preferences: change.preferences, reminders: change.reminders },
    createdAt: now,
    expiresAt: laterBy(now, step.config.mailman.pending_request_life),
  });
  const mailbox = { address: member.originalEmail, displayName: member.displayName };
  const to = await recipientOf(connection, list, mailbox, await findAddress(connection, member.email));
  await sendNotice(step, confirmOptionChangeNotice(list, { to, token, shown }));
}

/**
 * Carries out a change that the member has confirmed. The token is used up.
 * @throws RequestRefused unknown_token, not_member
 */
export async function confirmOptionChange(step: Step, list: MailingList, pending: Pending): Promise<void> {
  const { connection } = step;
  if (!(await deletePending(connection, pending.token))) throw new RequestRefused('unknown_token');
  const members = await findMembers(connection, list.listId, 'member', [pending.email]);
  const member = members.get(pending.email);
  if (!member) throw new RequestRefused('not_member');
  await changeOptions(step, list, member, pending.data as unknown as OptionChange);
}
