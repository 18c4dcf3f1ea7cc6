import type { Connection } from '../database/handle.ts';
import { findMembers, insertMembers } from '../database/members.ts';
import { addressKey, isValidAddress, type Mailbox } from '../model/email-address.ts';
import type { DeliveryMode, DeliveryStatus, Role } from '../model/enums.ts';
import { type MailingList, postingAddress } from '../model/mailing-list.ts';
import { type Member, noBounce } from '../model/member.ts';
import { noPreferences } from '../model/preferences.ts';
import { utcNow } from '../model/time.ts';
import { newId } from '../model/uuid.ts';
import { banCheck } from './bans.ts';
import { ensureAddresses } from './people.ts';

/** What became of one mailbox. */
export type SubscribeOutcome = 'subscribed' | 'already' | 'banned' | 'posting_address' | 'invalid';

/** How the new members are subscribed. */
export interface SubscribeOptions {
  readonly role: Role;
  readonly deliveryMode?: DeliveryMode;
  readonly deliveryStatus?: DeliveryStatus;
  /** Whether whoever asks vouches for the addresses. */
  readonly verified: boolean;
}

/**
 * Subscribes many at once, without confirmation and approval (the policies are applied before). Owners and
 * moderators post without moderation, as in Mailman. The name is kept for this list, and becomes the name of an
 * address that is new.
 * @returns the outcome for each mailbox, in their order
 */
export async function subscribe(
  connection: Connection,
  list: MailingList,
  mailboxes: readonly Mailbox[],
  options: SubscribeOptions,
): Promise<SubscribeOutcome[]> {
  const outcomes = await judgeSubscriptions(connection, list, mailboxes, options.role);
  const accepted = mailboxes.filter((_, index) => outcomes[index] === 'subscribed');
  const now = utcNow();
  const addresses = await ensureAddresses(connection, accepted, options.verified ? now : null);
  const members: Member[] = [];
  for (const mailbox of accepted) {
    const address = addresses.get(addressKey(mailbox.address));
    if (!address) continue;
    members.push({
      memberId: newId(),
      listId: list.listId,
      role: options.role,
      addressId: address.addressId,
      email: address.email,
      originalEmail: mailbox.address,
      displayName: mailbox.displayName,
      subscriptionMode: 'as_address',
      moderationAction: options.role === 'owner' || options.role === 'moderator' ? 'accept' : null,
      preferences: {
        ...noPreferences,
        delivery_mode: options.deliveryMode ?? null,
        delivery_status: options.deliveryStatus ?? null,
      },
      deliveryStatusSince: options.deliveryStatus && options.deliveryStatus !== 'enabled' ? now : null,
      subscribedAt: now,
      bounce: noBounce,
      topics: null,
      receiveUnmatchedTopics: false,
      legacy: null,
    });
  }
  await insertMembers(connection, members);
  return outcomes;
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
