import {
  addressesOfUser,
  preferredAddress,
  setPreferredAddress,
  verifyAddresses,
} from '../../database/addresses.ts';
import { lockList } from '../../database/lists.ts';
import { findMembers, membershipsOfAll } from '../../database/members.ts';
import { deletePendingOf } from '../../database/pending.ts';
import { findUser } from '../../database/users.ts';
import type { Address } from '../../model/address.ts';
import { addressKey, isValidAddress, type Mailbox } from '../../model/email-address.ts';
import { type MailingList, postingAddress } from '../../model/mailing-list.ts';
import type { Member } from '../../model/member.ts';
import type { Step } from '../../queue/step.ts';
import { sendNotice } from '../../templates/notice-sending.ts';
import { confirmJoin, invitation, joinWaits, shown } from '../../templates/notices/subscriptions.ts';
import { matchesAddressList } from '../address-lists.ts';
import { announceJoined, personOf } from '../announce.ts';
import { banCheck } from '../bans.ts';
import { refuseWhereMailman2InCharge } from '../mailman2-in-charge.ts';
import { ensureAddresses } from '../people.ts';
import { recipientOf } from '../recipient.ts';
import { newMember, storeNewMembers } from '../subscribe.ts';
import { RequestRefused } from './refusal.ts';
import {
  closeRequest,
  type JoinWishes,
  type MembershipRequest,
  membershipRequests,
  openRequest,
} from './requests.ts';

/** Who joins: an address, or a user with whatever address is preferred. */
export type Subscriber = { readonly mailbox: Mailbox } | { readonly userId: string };

/** What is settled before the workflow begins, and what is wished. */
export interface SubscribeRequestOptions extends Omit<JoinWishes, 'userId'> {
  /** Whoever asks vouches that the address belongs to the person. */
  readonly preVerified?: boolean | undefined;
  /** Whoever asks vouches that the person wants this. */
  readonly preConfirmed?: boolean | undefined;
  /** The address was named by somebody else: its owner must confirm, whatever the policy. */
  readonly namedByOthers?: boolean | undefined;
  /**
   * How many unanswered mails somebody may have, so that who has lost one gets another and nobody can fill a mailbox;
   * without it a request that waits refuses any other.
   */
  readonly mostOpenRequests?: number | undefined;
  /** From where, for the log. */
  readonly whence?: string | undefined;
}

/** Where a request is now. */
export type SubscribeResult =
  | { readonly outcome: 'subscribed'; readonly member: Member }
  | { readonly outcome: 'pending'; readonly token: string; readonly tokenOwner: 'subscriber' | 'moderator' };

/**
 * A request on its way. It passes, in this order:
 * - sanity checks: refuses who is a member, banned, the list itself, or has a request pending;
 * - verification checks: an invitation is sent, or an address that nobody has verified must be confirmed by mail;
 * - confirmation checks: the policies confirm and confirm_then_moderate ask for a confirmation by mail;
 * - moderation checks: the policies moderate and confirm_then_moderate ask the moderators, unless the address is in
 *   subscribe_auto_approval;
 * - the subscription itself.
 * A mail with a token ends the way for now; `continueConfirmed` and `continueApproved` take it up again.
 */
interface Join {
  readonly list: MailingList;
  readonly address: Address;
  readonly mailbox: Mailbox;
  readonly wishes: JoinWishes;
  readonly whence: string;
}

/**
 * Asks for a membership (mail-flow.md section 13; the outcomes are those of REST's POST /members).
 * @throws RequestRefused already_member, banned, posting_address, pending, too_many_requests, invalid_address, no_such_user,
 * no_preferred_address (a user without any address); Mailman2InChargeError
 */
export async function subscribeRequest(
  step: Step,
  list: MailingList,
  subscriber: Subscriber,
  options: SubscribeRequestOptions = {},
): Promise<SubscribeResult> {
  const { connection } = step;
  // Two requests at once must see each other.
  await lockList(connection, list.listId);
  await refuseWhereMailman2InCharge(connection, list);
  const { address, mailbox, mustVerify } = await whoJoins(step, list, subscriber);
  await refuseWhileWaiting(step, list, address, options.mostOpenRequests);
  const invited = options.invitation === true;
  const join: Join = {
    list,
    address,
    mailbox,
    wishes: {
      userId: 'userId' in subscriber ? subscriber.userId : undefined,
      deliveryMode: options.deliveryMode,
      deliveryStatus: options.deliveryStatus,
      invitation: options.invitation,
      preApproved: invited || options.preApproved,
      sendWelcome: options.sendWelcome,
      preferredLanguage: options.preferredLanguage,
    },
    whence: options.whence ?? '',
  };
  // Verification checks.
  if (invited) return askByMail(step, join);
  if (mustVerify && !options.preVerified) return askByMail(step, join);
  if (options.namedByOthers && !options.preConfirmed) return askByMail(step, join);
  if (mustVerify) await verifyAddresses(connection, [address.addressId], step.clock.now());
  // Confirmation checks.
  const { subscription_policy } = list.settings;
  if (subscription_policy === 'open') return completeJoin(step, join);
  if (subscription_policy === 'moderate') return checkModeration(step, join);
  if (!options.preConfirmed) return askByMail(step, join);
  return subscription_policy === 'confirm_then_moderate'
    ? checkModeration(step, join)
    : completeJoin(step, join);
}

/**
 * Goes on where somebody has answered the mail. The token is used up.
 * @throws RequestRefused unknown_token, already_member, banned, posting_address
 */
export async function continueConfirmed(
  step: Step,
  list: MailingList,
  request: MembershipRequest,
  whence: string,
): Promise<SubscribeResult> {
  const join = await resume(step, list, request, whence);
  await verifyAddresses(step.connection, [join.address.addressId], step.clock.now());
  const { subscription_policy } = list.settings;
  const needsModerator =
    subscription_policy === 'moderate' || subscription_policy === 'confirm_then_moderate';
  return needsModerator && !join.wishes.invitation ? checkModeration(step, join) : completeJoin(step, join);
}

/**
 * Goes on where a moderator has agreed. The token is used up.
 * @throws RequestRefused unknown_token, already_member, banned, posting_address
 */
export async function continueApproved(
  step: Step,
  list: MailingList,
  request: MembershipRequest,
): Promise<SubscribeResult> {
  return completeJoin(step, await resume(step, list, request, 'via admin approval'));
}

async function resume(
  step: Step,
  list: MailingList,
  request: MembershipRequest,
  whence: string,
): Promise<Join> {
  const { connection } = step;
  await lockList(connection, list.listId);
  if (!(await closeRequest(connection, request))) throw new RequestRefused('unknown_token');
  const { mailbox, wishes } = request;
  await refuseUnfit(step, list, mailbox.address);
  const address = (await ensureAddresses(connection, [mailbox], null, step.clock.now())).get(request.email);
  if (!address) throw new RequestRefused('invalid_address');
  return { list, address, mailbox, wishes, whence };
}

async function refuseWhileWaiting(
  { connection, clock }: Step,
  list: MailingList,
  { email }: Address,
  mostOpen: number | undefined,
): Promise<void> {
  const open = await membershipRequests(
    connection,
    list.listId,
    { kind: 'subscription', email },
    clock.now(),
  );
  if (open.length === 0) return;
  if (mostOpen === undefined || open.some(({ tokenOwner }) => tokenOwner === 'moderator'))
    throw new RequestRefused('pending');
  if (open.length >= mostOpen) throw new RequestRefused('too_many_requests');
}

/** Sanity checks; an unknown address is stored, with a user. */
async function whoJoins(
  step: Step,
  list: MailingList,
  subscriber: Subscriber,
): Promise<{ address: Address; mailbox: Mailbox; mustVerify: boolean }> {
  const { connection } = step;
  if ('mailbox' in subscriber) {
    const { mailbox } = subscriber;
    await refuseUnfit(step, list, mailbox.address);
    const addresses = await ensureAddresses(connection, [mailbox], null, step.clock.now());
    const address = addresses.get(addressKey(mailbox.address));
    if (!address) throw new RequestRefused('invalid_address');
    return { address, mailbox, mustVerify: address.verifiedOn === null };
  }
  const user = await findUser(connection, subscriber.userId);
  if (!user) throw new RequestRefused('no_such_user');
  const preferred = await preferredAddress(connection, user.userId);
  const addresses = await addressesOfUser(connection, user.userId);
  const address = preferred ?? addresses[0];
  if (!address) throw new RequestRefused('no_preferred_address');
  const memberships = await membershipsOfAll(
    connection,
    addresses.map(({ addressId }) => addressId),
  );
  const isMember = memberships.some(
    ({ listId, role, subscriptionMode }) =>
      listId === list.listId && role === 'member' && subscriptionMode === 'as_user',
  );
  if (isMember) throw new RequestRefused('already_member');
  await refuseUnfit(step, list, address.originalEmail);
  return {
    address,
    mailbox: { address: address.originalEmail, displayName: address.displayName || user.displayName },
    // Which address a user without a preferred one means is a guess until it is confirmed.
    mustVerify: !preferred || address.verifiedOn === null,
  };
}

async function refuseUnfit({ connection }: Step, list: MailingList, email: string): Promise<void> {
  if (!isValidAddress(email)) throw new RequestRefused('invalid_address');
  const key = addressKey(email);
  if ((await findMembers(connection, list.listId, 'member', [key])).size > 0)
    throw new RequestRefused('already_member');
  if ((await banCheck(connection, list.listId))(key)) throw new RequestRefused('banned');
  if (key === addressKey(postingAddress(list))) throw new RequestRefused('posting_address');
}

async function askByMail(step: Step, join: Join): Promise<SubscribeResult> {
  const { list, mailbox, wishes } = join;
  const { token } = await openRequest(step, list, {
    kind: 'subscription',
    tokenOwner: 'subscriber',
    mailbox,
    wishes,
  });
  const known = await recipientOf(step.connection, list, mailbox, join.address);
  const { preferredLanguage } = wishes;
  const to = preferredLanguage === undefined ? known : { ...known, language: preferredLanguage };
  const notice = wishes.invitation ? invitation : confirmJoin;
  await sendNotice(step, notice(list, { to, token }));
  step.log('subscribe', `${postingAddress(list)}: pending ${shown(to)}  ${join.whence}`.trimEnd());
  return { outcome: 'pending', token, tokenOwner: 'subscriber' };
}

async function checkModeration(step: Step, join: Join): Promise<SubscribeResult> {
  const { list, address, mailbox, wishes } = join;
  const { subscribe_auto_approval, admin_immed_notify } = list.settings;
  const { connection } = step;
  if (
    wishes.preApproved ||
    (await matchesAddressList(connection, list, subscribe_auto_approval, address.email))
  ) {
    return completeJoin(step, join);
  }
  // Moderators decide once, whatever other mails of the same person are still unanswered.
  await deletePendingOf(connection, list.listId, 'subscription', [address.email]);
  const { token } = await openRequest(step, list, {
    kind: 'subscription',
    tokenOwner: 'moderator',
    mailbox,
    wishes,
  });
  const who = await recipientOf(connection, list, mailbox, address);
  step.log('subscribe', `${postingAddress(list)}: held subscription request from ${shown(who)}`);
  if (admin_immed_notify) await sendNotice(step, joinWaits(list, who));
  return { outcome: 'pending', token, tokenOwner: 'moderator' };
}

/** The subscription itself. */
async function completeJoin(step: Step, join: Join): Promise<SubscribeResult> {
  const { list, address, mailbox, wishes } = join;
  const { connection } = step;
  await refuseWhereMailman2InCharge(connection, list);
  const now = step.clock.now();
  const asUser = wishes.userId !== undefined && address.userId === wishes.userId;
  if (asUser && !(await preferredAddress(connection, wishes.userId ?? '')))
    await setPreferredAddress(connection, wishes.userId ?? '', address.addressId);
  const member = newMember(
    list,
    address,
    asUser ? { ...mailbox, displayName: '' } : mailbox,
    {
      role: 'member',
      subscriptionMode: asUser ? 'as_user' : 'as_address',
      deliveryMode: wishes.deliveryMode,
      deliveryStatus: wishes.deliveryStatus,
    },
    now,
  );
  const account = address.userId === null ? undefined : await findUser(connection, address.userId);
  // An account that has a password of its own needs no other.
  const kept = account?.password ? { ...wishes, legacyPassword: undefined } : wishes;
  await storeNewMembers(connection, list, 'member', [withWishes(list, member, kept)]);
  const person = await personOf(connection, list, member);
  await announceJoined(step, list, person, { whence: join.whence, toPerson: wishes.sendWelcome });
  return { outcome: 'subscribed', member };
}

/** Under Mailman 2.1 people chose a language and a password when they asked to join. */
function withWishes(
  list: MailingList,
  member: Member,
  { preferredLanguage, legacyPassword }: JoinWishes,
): Member {
  return {
    ...member,
    preferences: {
      ...member.preferences,
      preferred_language: preferredLanguage ?? member.preferences.preferred_language,
    },
    legacy:
      legacyPassword === undefined
        ? member.legacy
        : { options: list.settings.new_member_options, password: legacyPassword },
  };
}
