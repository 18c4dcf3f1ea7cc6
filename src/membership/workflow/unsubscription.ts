import { findAddress } from '../../database/addresses.ts';
import { lockList } from '../../database/lists.ts';
import { deleteMembers, findMembers } from '../../database/members.ts';
import { deletePendingOf } from '../../database/pending.ts';
import { addressKey } from '../../model/email-address.ts';
import { type MailingList, postingAddress } from '../../model/mailing-list.ts';
import type { Member } from '../../model/member.ts';
import type { Step } from '../../queue/step.ts';
import { sendNotice } from '../../templates/notice-sending.ts';
import { confirmLeave, leaveWaits, shown } from '../../templates/notices/subscriptions.ts';
import { type Announcing, announceLeft, personOf } from '../announce.ts';
import { refuseWhereMailman2InCharge } from '../mailman2-in-charge.ts';
import { recipientOf } from '../recipient.ts';
import { RequestRefused } from './refusal.ts';
import { closeRequest, type MembershipRequest, membershipRequests, openRequest } from './requests.ts';

/** What is settled before the workflow begins. Who is told counts only where the membership ends at once. */
export interface UnsubscribeRequestOptions extends Announcing {
  /** Whoever asks vouches that the member wants this. */
  readonly preConfirmed?: boolean | undefined;
  /** The member has proved to be who asks: what follows is what follows the answer to a mail that asks to confirm. */
  readonly provenByMember?: boolean | undefined;
  /** A moderator asks. */
  readonly preApproved?: boolean | undefined;
  /** The address was named by somebody else: its owner must confirm, whatever the policy. */
  readonly namedByOthers?: boolean | undefined;
  /** Refuse when the member has as many unanswered mails already (so that nobody can fill a mailbox). */
  readonly mostOpenRequests?: number | undefined;
  /** From where, for the log. */
  readonly whence?: string | undefined;
}

export type UnsubscribeResult =
  | { readonly outcome: 'unsubscribed'; readonly member: Member }
  | { readonly outcome: 'pending'; readonly token: string; readonly tokenOwner: 'subscriber' | 'moderator' };

/** A member on the way out. */
interface Leave {
  readonly list: MailingList;
  readonly member: Member;
  readonly whence: string;
  readonly announcing?: Announcing;
}

/**
 * Asks to end a membership (mail-flow.md section 13). The policies confirm and confirm_then_moderate ask for a
 * confirmation by mail, moderate and (after the mail) confirm_then_moderate for the moderators' word. A further
 * request makes a further token.
 * @throws RequestRefused not_member, too_many_requests; Mailman2InChargeError
 */
export async function unsubscribeRequest(
  step: Step,
  list: MailingList,
  email: string,
  options: UnsubscribeRequestOptions = {},
): Promise<UnsubscribeResult> {
  await lockList(step.connection, list.listId);
  const member = await findLeaving(step, list, email);
  await refuseWhereMailman2InCharge(step.connection, list, [member.email]);
  const leave: Leave = {
    list,
    member,
    whence: options.whence ?? '',
    announcing: options,
  };
  const mostOpen = options.mostOpenRequests ?? Number.POSITIVE_INFINITY;
  const { unsubscription_policy } = list.settings;
  if (options.provenByMember) return afterConfirmation(step, leave);
  if (options.namedByOthers) return askByMail(step, leave, mostOpen);
  if (unsubscription_policy === 'open') return completeLeave(step, leave);
  if (unsubscription_policy === 'moderate')
    return options.preApproved ? completeLeave(step, leave) : askModerators(step, leave);
  return options.preConfirmed ? completeLeave(step, leave) : askByMail(step, leave, mostOpen);
}

/**
 * Goes on where the member has answered the mail. The token is used up.
 * @throws RequestRefused unknown_token, not_member
 */
export async function continueLeaveConfirmed(
  step: Step,
  list: MailingList,
  request: MembershipRequest,
  whence: string,
): Promise<UnsubscribeResult> {
  return afterConfirmation(step, await resume(step, list, request, whence));
}

function afterConfirmation(step: Step, leave: Leave): Promise<UnsubscribeResult> {
  const { unsubscription_policy } = leave.list.settings;
  const needsModerator =
    unsubscription_policy === 'moderate' || unsubscription_policy === 'confirm_then_moderate';
  return needsModerator ? askModerators(step, leave) : completeLeave(step, leave);
}

/**
 * Goes on where a moderator has agreed. The token is used up.
 * @throws RequestRefused unknown_token, not_member
 */
export async function continueLeaveApproved(
  step: Step,
  list: MailingList,
  request: MembershipRequest,
): Promise<UnsubscribeResult> {
  return completeLeave(step, await resume(step, list, request, 'via admin approval'));
}

async function resume(
  step: Step,
  list: MailingList,
  request: MembershipRequest,
  whence: string,
): Promise<Leave> {
  await lockList(step.connection, list.listId);
  if (!(await closeRequest(step.connection, request))) throw new RequestRefused('unknown_token');
  return { list, member: await findLeaving(step, list, request.email), whence };
}

async function findLeaving({ connection }: Step, list: MailingList, email: string): Promise<Member> {
  const key = addressKey(email);
  const member = (await findMembers(connection, list.listId, 'member', [key])).get(key);
  if (!member) throw new RequestRefused('not_member');
  return member;
}

async function askByMail(step: Step, leave: Leave, mostOpen: number): Promise<UnsubscribeResult> {
  const { list, member } = leave;
  const { connection } = step;
  const open = await openLeaves(step, leave, 'subscriber');
  if (open.length >= mostOpen) throw new RequestRefused('too_many_requests');
  const mailbox = { address: member.originalEmail, displayName: member.displayName };
  const { token } = await openRequest(step, list, {
    kind: 'unsubscription',
    tokenOwner: 'subscriber',
    mailbox,
  });
  const to = await recipientOf(connection, list, mailbox, await findAddress(connection, member.email));
  await sendNotice(step, confirmLeave(list, { to, token }));
  return { outcome: 'pending', token, tokenOwner: 'subscriber' };
}

async function askModerators(step: Step, leave: Leave): Promise<UnsubscribeResult> {
  const { list, member } = leave;
  const mailbox = { address: member.originalEmail, displayName: member.displayName };
  // Moderators decide once: a repeated request takes the place of the one before.
  for (const earlier of await openLeaves(step, leave, 'moderator'))
    await closeRequest(step.connection, earlier);
  const { token } = await openRequest(step, list, {
    kind: 'unsubscription',
    tokenOwner: 'moderator',
    mailbox,
  });
  step.log('subscribe', `${postingAddress(list)}: held unsubscription request from ${shown(mailbox)}`);
  if (list.settings.admin_immed_notify) await sendNotice(step, leaveWaits(list, mailbox));
  return { outcome: 'pending', token, tokenOwner: 'moderator' };
}

function openLeaves(
  { connection, clock }: Step,
  { list, member }: Leave,
  tokenOwner: 'subscriber' | 'moderator',
): Promise<MembershipRequest[]> {
  const filter = { kind: 'unsubscription', tokenOwner, email: member.email } as const;
  return membershipRequests(connection, list.listId, filter, clock.now());
}

async function completeLeave(
  step: Step,
  { list, member, whence, announcing }: Leave,
): Promise<UnsubscribeResult> {
  const { connection } = step;
  await refuseWhereMailman2InCharge(connection, list, [member.email]);
  const person = await personOf(connection, list, member);
  await deleteMembers(connection, [member.memberId]);
  await deletePendingOf(connection, list.listId, 'unsubscription', [member.email]);
  await announceLeft(step, list, person, {
    whence,
    toPerson: announcing?.toPerson,
    toOwners: announcing?.toOwners,
  });
  return { outcome: 'unsubscribed', member };
}
