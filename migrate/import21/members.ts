import { addressKey, isValidAddress, type Mailbox } from '../../src/model/email-address.ts';
import type { Action, DeliveryStatus, Role } from '../../src/model/enums.ts';
import { type Bounce, type LegacyMember, noBounce } from '../../src/model/member.ts';
import { noPreferences, type Preferences } from '../../src/model/preferences.ts';
import { type UtcTime, utcFromDay, utcFromEpoch } from '../../src/model/time.ts';
import { isInstanceOf, numberOf, type PickleValue, PyDict, PyInstance, PyTuple } from '../pickle/values.ts';
import { type Conversion, numberAt, textsAt } from './conversion.ts';
import { addressOf } from './people.ts';
import { moderationAction } from './settings-together.ts';
import { toVerbatim } from './verbatim.ts';

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
  noremind: 32,
  nmtopics: 64,
  mod: 128,
  nodupes: 256,
} as const;

const DELIVERY_STATUS: readonly DeliveryStatus[] = [
  'enabled',
  'unknown',
  'by_user',
  'by_moderator',
  'by_bounces',
];

/** The dictionaries that are keyed by member. */
export const PER_MEMBER_KEYS = [
  'members',
  'digest_members',
  'passwords',
  'language',
  'usernames',
  'user_options',
  'topics_userinterest',
  'delivery_status',
  'bounce_info',
] as const;

const NONMEMBER_ACTIONS = [
  ['accept_these_nonmembers', 'defer'],
  ['hold_these_nonmembers', 'hold'],
  ['reject_these_nonmembers', 'reject'],
  ['discard_these_nonmembers', 'discard'],
] as const satisfies readonly (readonly [string, Action])[];

const LONGEST_ADDRESS = 320;

/** All memberships of a list, role by role, each address once in a role. */
export function* importedMembers(conversion: Conversion): Generator<ImportedMember> {
  yield* once(conversion, 'members', subscribers(conversion));
  yield* once(conversion, 'owner', staff(conversion, 'owner'));
  yield* once(conversion, 'moderator', staff(conversion, 'moderator'));
  yield* once(conversion, 'nonmembers', nonmembers(conversion));
}

/** Keeps what the per-member dictionaries say of people who are no members any more. */
export function keepOrphans(conversion: Conversion): void {
  const { config, texts, notes, legacySettings } = conversion;
  const rosters = [dictAt(config, 'members'), dictAt(config, 'digest_members')];
  for (const key of PER_MEMBER_KEYS.slice(2)) {
    const orphans = [...dictAt(config, key)].filter(
      ([address]) => !rosters.some((roster) => roster.has(address)),
    );
    if (orphans.length === 0) continue;
    legacySettings[key] = toVerbatim(new PyDict(orphans), texts);
    notes.keptAside(key, `${orphans.length} entries of addresses that are no members`);
  }
}

function* subscribers(conversion: Conversion): Generator<ImportedMember> {
  const { config, texts } = conversion;
  const dictionaries = {
    options: dictAt(config, 'user_options'),
    names: dictAt(config, 'usernames'),
    languages: dictAt(config, 'language'),
    passwords: dictAt(config, 'passwords'),
    topics: dictAt(config, 'topics_userinterest'),
    statuses: dictAt(config, 'delivery_status'),
    bounces: dictAt(config, 'bounce_info'),
  };
  const warnings = numberAt(conversion, 'bounce_you_are_disabled_warnings') ?? 0;
  const moderated = moderationAction(conversion);
  for (const [dictionary, isDigest] of [
    [dictAt(config, 'members'), false],
    [dictAt(config, 'digest_members'), true],
  ] as const) {
    for (const [key, written] of dictionary) {
      const address = addressOf(texts, key, written);
      const where = `member ${address}`;
      const options = numberOf(dictionaries.options.get(key)) ?? 0;
      const has = (bit: number): boolean => (options & bit) !== 0;
      const status = readStatus(dictionaries.statuses.get(key), has(OPTION.nomail));
      const bounce = readBounce(conversion, dictionaries.bounces.get(key), warnings, where);
      const password = texts.read(dictionaries.passwords.get(key), `password of ${where}`);
      yield {
        mailbox: { address, displayName: texts.read(dictionaries.names.get(key), `name of ${where}`) ?? '' },
        role: 'member',
        moderationAction: has(OPTION.mod) ? moderated : 'defer',
        preferences: {
          acknowledge_posts: has(OPTION.ack),
          hide_address: has(OPTION.hide),
          receive_own_postings: !has(OPTION.notmetoo),
          receive_list_copy: !has(OPTION.nodupes),
          preferred_language: texts.read(dictionaries.languages.get(key), where) ?? null,
          delivery_mode: !isDigest ? 'regular' : has(OPTION.plain) ? 'plaintext_digests' : 'mime_digests',
          delivery_status: status.status,
        },
        deliveryStatusSince: status.since,
        bounce: bounce.bounce,
        topics: readTopics(conversion, dictionaries.topics.get(key)),
        receiveUnmatchedTopics: has(OPTION.nmtopics),
        legacy: { options, ...(password === undefined ? {} : { password }), ...bounce.legacy },
      };
    }
  }
}

function* staff(conversion: Conversion, role: 'owner' | 'moderator'): Generator<ImportedMember> {
  for (const address of textsAt(conversion, role) ?? [])
    yield { ...bareMember(address, role), moderationAction: 'accept' };
}

/** The plain addresses of the four lists; regular expressions and `@list` references stay in the lists only. */
function* nonmembers(conversion: Conversion): Generator<ImportedMember> {
  for (const [key, action] of NONMEMBER_ACTIONS) {
    for (const entry of textsAt(conversion, key) ?? []) {
      if (!isValidAddress(entry)) continue;
      yield { ...bareMember(entry, 'nonmember'), moderationAction: action };
    }
  }
}

function bareMember(address: string, role: Role): Omit<ImportedMember, 'moderationAction'> {
  return {
    mailbox: { address, displayName: '' },
    role,
    preferences: noPreferences,
    deliveryStatusSince: null,
    bounce: noBounce,
    topics: null,
    receiveUnmatchedTopics: false,
    legacy: null,
  };
}

/** Leaves out, with a note, what is there twice or cannot be stored as an address. */
function* once(
  { notes, legacySettings }: Conversion,
  subject: string,
  members: Iterable<ImportedMember>,
): Generator<ImportedMember> {
  const seen = new Set<string>();
  for (const member of members) {
    const { address } = member.mailbox;
    const key = addressKey(address);
    if (address === '' || address.length > LONGEST_ADDRESS || /\p{Cc}/u.test(address)) {
      const kept = legacySettings.unusable_addresses;
      legacySettings.unusable_addresses = [...(Array.isArray(kept) ? kept : []), address];
      notes.needsPerson(subject, `${JSON.stringify(address.slice(0, 80))} is no address; left out`);
    } else if (seen.has(key)) {
      if (subject !== 'nonmembers')
        notes.changedMeaning(subject, `${address} is there twice; the first counts`);
    } else {
      if (!isValidAddress(address))
        notes.needsPerson(subject, `${address} is not a valid e-mail address; kept as it is`);
      seen.add(key);
      yield member;
    }
  }
}

/** (code, time), or nothing; very old lists have an option bit instead. */
function readStatus(
  value: PickleValue | undefined,
  disabledByOption: boolean,
): { status: DeliveryStatus; since: UtcTime | null } {
  if (!(value instanceof PyTuple)) return { status: disabledByOption ? 'unknown' : 'enabled', since: null };
  const [code, time] = value.items;
  const status = DELIVERY_STATUS[numberOf(code) ?? 1] ?? 'unknown';
  const since = status === 'enabled' ? undefined : utcFromEpoch(numberOf(time) ?? Number.NaN);
  return { status, since: since ?? null };
}

function readBounce(
  conversion: Conversion,
  value: PickleValue | undefined,
  warnings: number,
  where: string,
): { bounce: Bounce; legacy: Partial<LegacyMember> } {
  if (!isInstanceOf(value, 'Mailman.Bouncer._BounceInfo')) {
    if (value instanceof PyInstance)
      conversion.notes.needsPerson(where, `unknown bounce record ${value.cls.fullName}`);
    return { bounce: noBounce, legacy: {} };
  }
  const left = numberOf(value.get('noticesleft'));
  const cookie = conversion.texts.read(value.get('cookie'), where);
  return {
    bounce: {
      score: numberOf(value.get('score')) ?? 0,
      lastReceived: readDay(value.get('date')),
      lastWarningSent: readDay(value.get('lastnotice')),
      totalWarningsSent: left === undefined ? 0 : Math.max(0, warnings - left),
    },
    legacy: {
      ...(left === undefined ? {} : { bounceNoticesLeft: left }),
      ...(cookie === undefined ? {} : { bounceCookie: cookie }),
    },
  };
}

/** (year, month, day) or seconds; 2 January 1970 stands for never. */
function readDay(value: PickleValue | undefined): UtcTime | null {
  if (!(value instanceof PyTuple)) return utcFromEpoch(numberOf(value) ?? Number.NaN) ?? null;
  const [year = 0, month = 0, day = 0] = value.items.map(numberOf);
  return year === 1970 ? null : (utcFromDay(year, month, day) ?? null);
}

function readTopics({ texts }: Conversion, value: PickleValue | undefined): readonly string[] | null {
  if (!Array.isArray(value)) return null;
  const names = value
    .map((name) => texts.read(name, 'topics_userinterest'))
    .filter((name) => name !== undefined);
  return names.length === 0 ? null : names;
}

/** The dictionary at a key, an empty one where there is none. */
export function dictAt(config: PyDict, key: string): PyDict {
  const value = config.get(key);
  return value instanceof PyDict ? value : new PyDict();
}
