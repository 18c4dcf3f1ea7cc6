import { addressKey, isValidAddress, type Mailbox } from '../../src/model/email-address.ts';
import type { Action, Role } from '../../src/model/enums.ts';
import { type Bounce, type LegacyMember, noBounce } from '../../src/model/member.ts';
import { noPreferences, type Preferences } from '../../src/model/preferences.ts';
import type { UtcTime } from '../../src/model/time.ts';
import { numberOf, type PickleValue, PyBytes, type PyDict } from '../pickle/values.ts';
import { type Conversion, dictAt, keep, numberAt, textsAt } from './conversion.ts';
import { MemberLeftovers } from './member-leftovers.ts';
import { readBounce, readDeliveryStatus, readLanguage, readOptions, readTopics } from './member-values.ts';
import { nonmemberActions } from './nonmembers.ts';
import { addressOf, isUsableAddress } from './people.ts';
import { moderationAction } from './settings-together.ts';

/** A membership as Mailman 2.1 has it, in the terms of here. */
export interface ImportedMember {
  readonly mailbox: Mailbox;
  readonly role: Role;
  readonly moderationAction: Action | null;
  readonly preferences: Preferences;
  readonly deliveryStatusSince: UtcTime | null;
  readonly bounce: Bounce;
  readonly topics: readonly string[] | null;
  readonly receiveUnmatchedTopics: boolean;
  readonly legacy: LegacyMember | null;
}

/** The bits of `user_options`. */
const OPTION = {
  nomail: 1,
  notmetoo: 2,
  ack: 4,
  plain: 8,
  hide: 16,
  nmtopics: 64,
  mod: 128,
  nodupes: 256,
} as const;

/** All memberships of a list, role by role, each address once in a role. What has no place is kept when all are taken. */
export function* importedMembers(conversion: Conversion): Generator<ImportedMember> {
  const leftovers = new MemberLeftovers(conversion);
  yield* subscribers(conversion, leftovers);
  leftovers.keep();
  yield* staff(conversion, 'owner');
  yield* staff(conversion, 'moderator');
  yield* nonmembers(conversion);
}

/** How many members the file has, whether they can be taken over or not. */
export function memberCount(conversion: Conversion): number {
  return dictAt(conversion, 'members').size + dictAt(conversion, 'digest_members').size;
}

function* subscribers(conversion: Conversion, leftovers: MemberLeftovers): Generator<ImportedMember> {
  const { texts, notes } = conversion;
  const known = new KnownAddresses(conversion);
  for (const roster of ['members', 'digest_members'] as const) {
    for (const [key, written] of dictAt(conversion, roster)) {
      const address = addressOf(texts, key, written);
      if (!isUsableAddress(address)) {
        notes.needsPerson('members', `${JSON.stringify(address.slice(0, 80))} is no address; left out`);
        leftovers.leaveMember(roster, key, written);
      } else if (known.has(key, addressKey(address), roster)) {
        notes.changedMeaning('members', `${address} is there twice; one of them counts`);
        leftovers.leaveMember(roster, key, written);
      } else {
        if (typeof written !== 'string' && numberOf(written) !== 0 && addressOf(texts, '', written) === '')
          leftovers.leave(roster, key, written);
        noteInvalid(conversion, 'members', address);
        yield subscriber(conversion, leftovers, { address, key, isDigest: roster === 'digest_members' });
      }
    }
  }
}

/**
 * Tells who has been there before. Nearly all keys of the rosters are the keys of their addresses here too, so that the
 * rosters themselves know them and no second set of them is needed.
 */
class KnownAddresses {
  readonly #rosters: Readonly<Record<'members' | 'digest_members', PyDict>>;
  readonly #others = new Set<string>();

  constructor(conversion: Conversion) {
    this.#rosters = {
      members: dictAt(conversion, 'members'),
      digest_members: dictAt(conversion, 'digest_members'),
    };
  }

  has(key: PickleValue, addressKey: string, roster: 'members' | 'digest_members'): boolean {
    const { members, digest_members } = this.#rosters;
    const text = key instanceof PyBytes ? key.latin1 : key;
    if (text === addressKey) return roster === 'digest_members' && members.has(key);
    const isKnown = this.#others.has(addressKey) || members.has(addressKey) || digest_members.has(addressKey);
    this.#others.add(addressKey);
    return isKnown;
  }
}

function subscriber(
  conversion: Conversion,
  leftovers: MemberLeftovers,
  entry: { readonly address: string; readonly key: PickleValue; readonly isDigest: boolean },
): ImportedMember {
  const { texts } = conversion;
  const { address, key, isDigest } = entry;
  const where = `member ${address}`;
  const options = leftovers.read('user_options', key, readOptions) ?? 0;
  const has = (bit: number): boolean => (options & bit) !== 0;
  const status = leftovers.read('delivery_status', key, readDeliveryStatus);
  const warnings = numberAt(conversion, 'bounce_you_are_disabled_warnings') ?? 0;
  const bounce = leftovers.read('bounce_info', key, (value) =>
    readBounce(value, Number.isInteger(warnings) ? warnings : 0, texts, where),
  );
  const password = leftovers.read('passwords', key, (value) =>
    texts.read(value, `password of ${where}`, true),
  );
  const name = leftovers.read('usernames', key, (value) => texts.read(value, `name of ${where}`));
  const topics = leftovers.read('topics_userinterest', key, (value) => readTopics(value, texts, where));
  return {
    mailbox: { address, displayName: name ?? '' },
    role: 'member',
    moderationAction: has(OPTION.mod) ? moderationAction(conversion) : 'defer',
    preferences: {
      acknowledge_posts: has(OPTION.ack),
      hide_address: has(OPTION.hide),
      receive_own_postings: !has(OPTION.notmetoo),
      receive_list_copy: !has(OPTION.nodupes),
      preferred_language:
        leftovers.read('language', key, (value) => readLanguage(value, texts, where)) ?? null,
      delivery_mode: !isDigest ? 'regular' : has(OPTION.plain) ? 'plaintext_digests' : 'mime_digests',
      // Very old lists have an option bit instead of a status.
      delivery_status: status?.status ?? (has(OPTION.nomail) ? 'unknown' : 'enabled'),
    },
    deliveryStatusSince: status?.since ?? null,
    bounce: bounce?.bounce ?? noBounce,
    topics: topics === undefined || topics.length === 0 ? null : topics,
    receiveUnmatchedTopics: has(OPTION.nmtopics),
    legacy: { options, ...(password === undefined ? {} : { password }), ...bounce?.legacy },
  };
}

function* staff(conversion: Conversion, role: 'owner' | 'moderator'): Generator<ImportedMember> {
  const seen = new Set<string>();
  const unusable: string[] = [];
  for (const address of staffAddresses(conversion, role)) {
    if (!isUsableAddress(address)) {
      unusable.push(address);
      conversion.notes.needsPerson(role, `${JSON.stringify(address.slice(0, 80))} is no address; left out`);
    } else if (seen.has(addressKey(address))) {
      conversion.notes.changedMeaning(role, `${address} is there twice; the first counts`);
    } else {
      seen.add(addressKey(address));
      noteInvalid(conversion, role, address);
      yield bareMember(address, role, 'accept');
    }
  }
  if (unusable.length > 0) keep(conversion, role, unusable);
}

/** Lists that were made by hand have a single address in place of a list of them. */
function staffAddresses(conversion: Conversion, role: 'owner' | 'moderator'): readonly string[] {
  const single = conversion.texts.read(conversion.config.get(role), role);
  if (single === undefined) return textsAt(conversion, role) ?? [];
  conversion.notes.changedMeaning(role, 'is a text instead of a list; each address in it counts');
  return single.split(/[\s,]+/).filter((address) => address !== '');
}

/** The plain addresses of the four lists; regular expressions and `@list` references stay in the lists only. */
function* nonmembers(conversion: Conversion): Generator<ImportedMember> {
  for (const [address, action] of nonmemberActions(conversion))
    yield bareMember(address, 'nonmember', action);
}

function bareMember(address: string, role: Role, action: Action): ImportedMember {
  return {
    mailbox: { address, displayName: '' },
    role,
    moderationAction: action,
    preferences: noPreferences,
    deliveryStatusSince: null,
    bounce: noBounce,
    topics: null,
    receiveUnmatchedTopics: false,
    legacy: null,
  };
}

function noteInvalid({ notes }: Conversion, subject: string, address: string): void {
  if (!isValidAddress(address))
    notes.needsPerson(subject, `${address} is not a valid e-mail address; kept as it is`);
}
