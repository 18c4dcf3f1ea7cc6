import type { Connection } from '../database/handle.ts';
import { deleteUndecidedNonmembers, findMembers, insertMembers } from '../database/members.ts';
import { deletePendingOf } from '../database/pending.ts';
import type { Address } from '../model/address.ts';
import { addressKey, isValidAddress, type Mailbox } from '../model/email-address.ts';
import type { DeliveryMode, DeliveryStatus, Role, SubscriptionMode } from '../model/enums.ts';
import { type MailingList, postingAddress } from '../model/mailing-list.ts';
import { type Member, noBounce } from '../model/member.ts';
import { noPreferences } from '../model/preferences.ts';
import { type UtcTime, utcNow } from '../model/time.ts';
import { newId } from '../model/uuid.ts';
import { banCheck } from './bans.ts';
import { refuseWhereMailman2InCharge } from './mailman2-in-charge.ts';
import { newMemberChoices } from './new-member-choices.ts';
import { ensureAddresses } from './people.ts';

/** What became of one mailbox. */
export type SubscribeOutcome = 'subscribed' | 'already' | 'banned' | 'posting_address' | 'invalid';

/** How a new member is subscribed. */
export interface MemberOptions {
  readonly role: Role;
  /** Default `as_address`. */
  readonly subscriptionMode?: SubscriptionMode | undefined;
  readonly deliveryMode?: DeliveryMode | undefined;
  readonly deliveryStatus?: DeliveryStatus | undefined;
}

/** How the new members are subscribed. */
export interface SubscribeOptions extends MemberOptions {
  /** Whether whoever asks vouches for the addresses. */
  readonly verified: boolean;
}

/**
 * Subscribes many at once, without confirmation and approval (the policies are applied before). Owners and
 * moderators post without moderation, as in Mailman. The name is kept for this list, and becomes the name of an
 * address that is new. With a membership end what was asked for it before, and the nonmember record.
 * @returns the outcome for each mailbox, in their order
 * @throws Mailman2InChargeError
 */
export async function subscribe(
  connection: Connection,
  list: MailingList,
  mailboxes: readonly Mailbox[],
  options: SubscribeOptions,
  now: UtcTime = utcNow(),
): Promise<SubscribeOutcome[]> {
  const outcomes = await judgeSubscriptions(connection, list, mailboxes, options.role);
  if (outcomes.includes('subscribed')) await refuseWhereMailman2InCharge(connection, list);
  const accepted = mailboxes.filter((_, index) => outcomes[index] === 'subscribed');
  const addresses = await ensureAddresses(connection, accepted, options.verified ? now : null, now);
  const members: Member[] = [];
  for (const mailbox of accepted) {
    const address = addresses.get(addressKey(mailbox.address));
    if (address) members.push(newMember(list, address, mailbox, options, now));
  }
  await storeNewMembers(connection, list, options.role, members);
  return outcomes;
}

/** Stores new memberships of one role. With them end requests to join that are still open, and nonmember records. */
export async function storeNewMembers(
  connection: Connection,
  list: MailingList,
  role: Role,
  members: readonly Member[],
): Promise<void> {
  await insertMembers(connection, members);
  if (role !== 'member') return;
  const keys = members.map(({ email }) => email);
  await deletePendingOf(connection, list.listId, 'subscription', keys);
  await deleteUndecidedNonmembers(connection, list.listId, keys);
}

const NO_CHOICES = { preferences: noPreferences, receiveUnmatchedTopics: false };

/** A membership that is not stored yet. */
export function newMember(
  list: MailingList,
  address: Address,
  mailbox: Mailbox,
  options: MemberOptions,
  now: UtcTime,
): Member {
  const { role, subscriptionMode, deliveryMode, deliveryStatus } = options;
  const { preferences, receiveUnmatchedTopics } = role === 'member' ? newMemberChoices(list) : NO_CHOICES;
  return {
    memberId: newId(),
    listId: list.listId,
    role,
    addressId: address.addressId,
    email: address.email,
    originalEmail: mailbox.address,
    displayName: mailbox.displayName,
    subscriptionMode: subscriptionMode ?? 'as_address',
    moderationAction: role === 'owner' || role === 'moderator' ? 'accept' : null,
    preferences: {
      ...preferences,
      delivery_mode: deliveryMode ?? preferences.delivery_mode,
      delivery_status: deliveryStatus ?? null,
    },
    deliveryStatusSince: deliveryStatus && deliveryStatus !== 'enabled' ? now : null,
    subscribedAt: now,
    bounce: noBounce,
    topics: null,
    receiveUnmatchedTopics,
    legacy: null,
  };
}

/** What `subscribe` would make of each mailbox; nothing is changed. */
export async function judgeSubscriptions(
  connection: Connection,
  list: MailingList,
  mailboxes: readonly Mailbox[],
  role: Role,
): Promise<SubscribeOutcome[]> {
  const isBanned = await banCheck(connection, list.listId);
  const keys = mailboxes.map(({ address }) => addressKey(address));
  const taken = new Set((await findMembers(connection, list.listId, role, [...new Set(keys)])).keys());
  return mailboxes.map((mailbox, index): SubscribeOutcome => {
    const key = keys[index] ?? '';
    if (!isValidAddress(mailbox.address)) return 'invalid';
    if (key === postingAddress(list) && role !== 'nonmember') return 'posting_address';
    if (taken.has(key)) return 'already';
    if (isBanned(key) && role === 'member') return 'banned';
    taken.add(key);
    return 'subscribed';
  });
}
