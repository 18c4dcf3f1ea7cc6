import { insertAddresses } from '../../src/database/addresses.ts';
import { insertDomain } from '../../src/database/domains.ts';
import type { Connection } from '../../src/database/handle.ts';
import { insertList } from '../../src/database/lists.ts';
import { insertMembers } from '../../src/database/members.ts';
import { insertUsers } from '../../src/database/users.ts';
import type { Address } from '../../src/model/address.ts';
import { addressKey } from '../../src/model/email-address.ts';
import type { MailingList } from '../../src/model/mailing-list.ts';
import { type Member, noBounce } from '../../src/model/member.ts';
import { noPreferences } from '../../src/model/preferences.ts';
import { styledSettings } from '../../src/model/styles.ts';
import { parseUtc, type UtcTime } from '../../src/model/time.ts';
import type { User } from '../../src/model/user.ts';
import { newId } from '../../src/model/uuid.ts';

/** A moment, to be written in the test as text. */
export function moment(text: string): UtcTime {
  const time = parseUtc(text);
  if (time === undefined) throw new Error(`${text} is no moment`);
  return time;
}

const EPOCH = moment('2024-03-09T17:04:05.012745Z');

export function sampleUser(changes: Partial<User> = {}): User {
  return {
    userId: newId(),
    displayName: '',
    password: null,
    isServerOwner: false,
    createdOn: EPOCH,
    preferences: noPreferences,
    ...changes,
  };
}

export function sampleAddress(originalEmail: string, changes: Partial<Address> = {}): Address {
  return {
    addressId: newId(),
    email: addressKey(originalEmail),
    originalEmail,
    displayName: '',
    registeredOn: EPOCH,
    verifiedOn: null,
    userId: null,
    preferences: noPreferences,
    ...changes,
  };
}

export function sampleList(listName: string, changes: Partial<MailingList> = {}): MailingList {
  return {
    listId: `${listName}.example.com`,
    listName,
    mailHost: 'example.com',
    settings: styledSettings('legacy-default', listName, 'en'),
    legacySettings: {},
    createdAt: EPOCH,
    lastPostAt: null,
    digestLastSentAt: null,
    postId: 1,
    nextRequestId: 1,
    volume: 1,
    nextDigestNumber: 1,
    usenetWatermark: null,
    ...changes,
  };
}

export function sampleMember(list: MailingList, address: Address, changes: Partial<Member> = {}): Member {
  return {
    memberId: newId(),
    listId: list.listId,
    role: 'member',
    addressId: address.addressId,
    email: address.email,
    originalEmail: address.originalEmail,
    displayName: '',
    subscriptionMode: 'as_address',
    moderationAction: null,
    preferences: noPreferences,
    deliveryStatusSince: null,
    subscribedAt: EPOCH,
    bounce: noBounce,
    topics: null,
    receiveUnmatchedTopics: false,
    legacy: null,
    ...changes,
  };
}

/** Stores a list with its domain. */
export async function storeList(connection: Connection, list: MailingList): Promise<MailingList> {
  await insertDomain(connection, { mailHost: list.mailHost, description: null, aliasDomain: null });
  await insertList(connection, list);
  return list;
}

/** Stores a person with one address and a membership of it. */
export async function storeMember(
  connection: Connection,
  list: MailingList,
  email: string,
  changes: { user?: Partial<User>; address?: Partial<Address>; member?: Partial<Member> } = {},
): Promise<{ user: User; address: Address; member: Member }> {
  const user = sampleUser(changes.user);
  const address = sampleAddress(email, { userId: user.userId, ...changes.address });
  const member = sampleMember(list, address, changes.member);
  await insertUsers(connection, [user]);
  await insertAddresses(connection, [address]);
  await insertMembers(connection, [member]);
  return { user, address, member };
}
