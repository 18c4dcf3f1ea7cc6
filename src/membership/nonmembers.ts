import type { Connection } from '../database/handle.ts';
import { findMembers, insertMembers } from '../database/members.ts';
import { addressKey, type Mailbox } from '../model/email-address.ts';
import type { MailingList } from '../model/mailing-list.ts';
import { type Member, noBounce } from '../model/member.ts';
import { noPreferences } from '../model/preferences.ts';
import type { UtcTime } from '../model/time.ts';
import { newId } from '../model/uuid.ts';
import { ensureAddresses } from './people.ts';

/** The nonmember records of those who post; who has none yet gets one, so that moderators can decide about them. */
export async function ensureNonmembers(
  connection: Connection,
  list: MailingList,
  senders: readonly Mailbox[],
  now: UtcTime,
): Promise<Map<string, Member>> {
  const keys = senders.map(({ address }) => addressKey(address));
  const known = await findMembers(connection, list.listId, 'nonmember', keys);
  const unknown = senders.filter(({ address }) => !known.has(addressKey(address)));
  if (unknown.length === 0) return known;
  const addresses = await ensureAddresses(connection, unknown, null);
  const added = unknown.flatMap((sender): Member[] => {
    const address = addresses.get(addressKey(sender.address));
    if (!address) return [];
    return [
      {
        memberId: newId(),
        listId: list.listId,
        role: 'nonmember',
        addressId: address.addressId,
        email: address.email,
        originalEmail: sender.address,
        displayName: sender.displayName,
        subscriptionMode: 'as_address',
        moderationAction: null,
        preferences: noPreferences,
        deliveryStatusSince: null,
        subscribedAt: now,
        bounce: noBounce,
        topics: null,
        receiveUnmatchedTopics: false,
        legacy: null,
      },
    ];
  });
  await insertMembers(connection, added);
  for (const member of added) known.set(member.email, member);
  return known;
}
