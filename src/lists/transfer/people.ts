import type { AddressOnList } from '../../database/people-of-list.ts';
import type { Address } from '../../model/address.ts';
import { addressKey } from '../../model/email-address.ts';
import { actions, deliveryModes, deliveryStatuses, roles, subscriptionModes } from '../../model/enums.ts';
import type { LegacyMember, Member } from '../../model/member.ts';
import { noPreferences, type Preferences } from '../../model/preferences.ts';
import type { User } from '../../model/user.ts';
import type { Place } from './place.ts';

/** What columns have room for. */
const LONGEST_ADDRESS = 320;
const LONGEST_LANGUAGE = 20;

/** A membership in a file. */
export interface MemberInFile {
  /** Its address has no identifier yet. */
  readonly member: Omit<Member, 'addressId'>;
  /** The kind of the one more digest that a member gets who gave digests up. */
  readonly lastDigest: (typeof deliveryModes)[number] | undefined;
}

/** An address in a file. */
export type AddressInFile = Omit<Address, 'addressId'> & { readonly isPreferred: boolean };

/** A user as the file of an export has it. */
export function describeUser(user: User, secrets: boolean): Record<string, unknown> {
  return {
    user_id: user.userId,
    display_name: user.displayName,
    created_on: user.createdOn,
    preferences: own(user.preferences),
    ...(secrets ? { password: user.password } : {}),
  };
}

/** An address as the file of an export has it. */
export function describeAddress({ address, isPreferred }: AddressOnList): Record<string, unknown> {
  return {
    address: address.originalEmail,
    user_id: address.userId,
    is_preferred: isPreferred,
    display_name: address.displayName,
    registered_on: address.registeredOn,
    verified_on: address.verifiedOn,
    preferences: own(address.preferences),
  };
}

/** What a membership has of its own. */
export function describeOwn(member: Member): Record<string, unknown> {
  return {
    display_name: member.displayName,
    moderation_action: member.moderationAction,
    preferences: own(member.preferences),
  };
}

/** Preferences that are set. */
function own(preferences: Preferences): Record<string, unknown> {
  return Object.fromEntries(Object.entries(preferences).filter(([, value]) => value !== null));
}

/** A user out of the file of an export. @throws where a field is not as it must be, naming it */
export function readUser(place: Place): User {
  return {
    userId: place.at('user_id').id(),
    displayName: place.at('display_name').text(),
    password: place.at('password').optional((password) => password.text()) ?? null,
    // That is about the server, not about the list.
    isServerOwner: false,
    createdOn: place.at('created_on').time(),
    preferences: readPreferences(place.at('preferences')),
  };
}

/** An address out of the file of an export. @throws where a field is not as it must be, naming it */
export function readAddress(place: Place): AddressInFile {
  const originalEmail = readEmail(place.at('address'));
  return {
    email: addressKey(originalEmail),
    originalEmail,
    userId: place.at('user_id').nullable((id) => id.id()),
    isPreferred: place.at('is_preferred').flag(),
    displayName: place.at('display_name').text(),
    registeredOn: place.at('registered_on').time(),
    verifiedOn: place.at('verified_on').nullable((time) => time.time()),
    preferences: readPreferences(place.at('preferences')),
  };
}

/** A membership out of the file of an export. @throws where a field is not as it must be, naming it */
export function readMember(place: Place, listId: string): MemberInFile {
  const originalEmail = readEmail(place.at('address'));
  const own = place.at('own');
  const bounce = place.at('bounce');
  return {
    member: {
      memberId: place.at('member_id').id(),
      listId,
      role: place.at('role').oneOf(roles),
      email: addressKey(originalEmail),
      originalEmail,
      displayName: own.at('display_name').text(),
      subscriptionMode: place.at('subscription_mode').oneOf(subscriptionModes),
      moderationAction: own.at('moderation_action').nullable((action) => action.oneOf(actions)),
      preferences: readPreferences(own.at('preferences')),
      deliveryStatusSince: place.at('delivery_status_since').nullable((time) => time.time()),
      subscribedAt: place.at('subscribed_at').nullable((time) => time.time()),
      bounce: {
        score: bounce.at('score').number(),
        lastReceived: bounce.at('last_bounce_received').nullable((time) => time.time()),
        lastWarningSent: bounce.at('last_warning_sent').nullable((time) => time.time()),
        totalWarningsSent: bounce.at('total_warnings_sent').whole(),
      },
      topics: place.at('topics').nullable((topics) => topics.texts()),
      receiveUnmatchedTopics: place.at('receive_unmatched_topics').flag(),
      legacy: place.at('mailman21').optional((legacy) => readLegacy(legacy, place.at('password'))) ?? null,
    },
    lastDigest: place.at('last_digest').optional((mode) => mode.oneOf(deliveryModes)),
  };
}

/** JSON leaves out what is undefined. */
function readLegacy(place: Place, password: Place): LegacyMember {
  const clear = password.optional((text) => text.text());
  const noticesLeft = place.at('bounce_notices_left').optional((count) => count.number());
  const cookie = place.at('bounce_cookie').optional((text) => text.text());
  return {
    options: place.at('options').number(),
    ...(clear === undefined ? {} : { password: clear }),
    ...(noticesLeft === undefined ? {} : { bounceNoticesLeft: noticesLeft }),
    ...(cookie === undefined ? {} : { bounceCookie: cookie }),
  };
}

function readPreferences(place: Place): Preferences {
  const flag = (name: keyof Preferences) => place.at(name).optional((value) => value.flag()) ?? null;
  return {
    ...noPreferences,
    acknowledge_posts: flag('acknowledge_posts'),
    hide_address: flag('hide_address'),
    receive_list_copy: flag('receive_list_copy'),
    receive_own_postings: flag('receive_own_postings'),
    preferred_language:
      place.at('preferred_language').optional((language) => language.text(LONGEST_LANGUAGE)) ?? null,
    delivery_mode: place.at('delivery_mode').optional((mode) => mode.oneOf(deliveryModes)) ?? null,
    delivery_status: place.at('delivery_status').optional((status) => status.oneOf(deliveryStatuses)) ?? null,
  };
}

/** Also what Mailman 2.1 took as an address, and is none now. */
const ADDRESS = /^[^\p{Cc}\p{Zl}\p{Zp}]+@[^\s@\p{Cc}]+$/u;

function readEmail(place: Place): string {
  const address = place.text(LONGEST_ADDRESS);
  if (!ADDRESS.test(address) || addressKey(address).length > LONGEST_ADDRESS)
    throw place.refuse('an e-mail address');
  return address;
}
