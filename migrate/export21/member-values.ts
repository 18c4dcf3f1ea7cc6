import { isDeepStrictEqual } from 'node:util';
import type { DeliveryStatus } from '../../src/model/enums.ts';
import type { MailingList } from '../../src/model/mailing-list.ts';
import type { Member } from '../../src/model/member.ts';
import { epochFromUtc, type UtcTime } from '../../src/model/time.ts';
import type { ImportedMember } from '../import21/members.ts';
import { type PickleValue, PyBytes, PyDict, PyFloat, PyInstance, PyTuple } from '../pickle/values.ts';
import type { PythonValues } from './python-values.ts';

/** The dictionaries of Mailman 2.1 that say more about members; the value of a member, or undefined for no entry. */
export type MemberDetail =
  | 'bounce_info'
  | 'delivery_status'
  | 'language'
  | 'topics_userinterest'
  | 'user_options'
  | 'usernames';

/** What one detail depends on, and how it is written. */
export interface DetailWriter {
  /** Of what it consists here; the same for a member as it came over. */
  readonly depends: (member: ImportedMember) => unknown;
  readonly write: (
    member: Member,
    list: MailingList,
    values: PythonValues,
    key: PickleValue,
  ) => PickleValue | undefined;
}

const OPTION = { notmetoo: 2, ack: 4, plain: 8, hide: 16, nmtopics: 64, mod: 128, nodupes: 256 } as const;

const STATUS_CODES: readonly DeliveryStatus[] = [
  'enabled',
  'unknown',
  'by_user',
  'by_moderator',
  'by_bounces',
];

/** How each detail goes back. */
export const detailWriters: Readonly<Record<MemberDetail, DetailWriter>> = {
  user_options: {
    depends: ({ preferences, moderationAction, receiveUnmatchedTopics, legacy }) => [
      preferences.acknowledge_posts,
      preferences.hide_address,
      preferences.receive_own_postings,
      preferences.receive_list_copy,
      preferences.delivery_mode,
      moderationAction,
      receiveUnmatchedTopics,
      legacy?.options,
    ],
    write: (member, list) => optionBits(member, list) || undefined,
  },
  language: {
    depends: ({ preferences }) => preferences.preferred_language,
    write: ({ preferences }, _list, values) =>
      preferences.preferred_language === null ? undefined : values.bytes(preferences.preferred_language),
  },
  usernames: {
    depends: ({ mailbox }) => mailbox.displayName,
    write: ({ displayName }, _list, values) =>
      displayName === '' ? undefined : values.personal(displayName),
  },
  topics_userinterest: {
    depends: ({ topics }) => topics,
    write: ({ topics }, _list, values) => topics?.map((topic) => values.bytes(topic)),
  },
  delivery_status: {
    depends: ({ preferences, deliveryStatusSince }) => [preferences.delivery_status, deliveryStatusSince],
    write: ({ preferences, deliveryStatusSince }) => {
      const code = STATUS_CODES.indexOf(preferences.delivery_status ?? 'enabled');
      if (code <= 0) return undefined;
      return new PyTuple([code, new PyFloat(deliveryStatusSince ? epochFromUtc(deliveryStatusSince) : 0)]);
    },
  },
  bounce_info: {
    depends: ({ bounce, legacy }) => [bounce, legacy?.bounceCookie, legacy?.bounceNoticesLeft],
    write: bounceInfo,
  },
};

/** Whether a detail of a member is as it was when it came over. */
export function isAsImported(detail: MemberDetail, member: Member, imported: ImportedMember): boolean {
  const { depends } = detailWriters[detail];
  return isDeepStrictEqual(depends(asImported(member)), depends(imported));
}

function asImported(member: Member): ImportedMember {
  return { ...member, mailbox: { address: member.originalEmail, displayName: member.displayName } };
}

/** Bits without a counterpart here stay as they were. */
function optionBits(member: Member, list: MailingList): number {
  const { preferences, receiveUnmatchedTopics, legacy } = member;
  const known = Object.values(OPTION).reduce((bits, bit) => bits | bit, 0);
  const fallback = list.settings.mime_is_default_digest ? 0 : OPTION.plain;
  const before = legacy?.options ?? fallback;
  const isPlain =
    preferences.delivery_mode === 'plaintext_digests' ||
    (preferences.delivery_mode !== 'mime_digests' && (before & OPTION.plain) !== 0);
  const set: readonly (readonly [boolean, number])[] = [
    [preferences.receive_own_postings === false, OPTION.notmetoo],
    [preferences.acknowledge_posts === true, OPTION.ack],
    [isPlain, OPTION.plain],
    [preferences.hide_address === true, OPTION.hide],
    [receiveUnmatchedTopics, OPTION.nmtopics],
    [isModerated(member, list), OPTION.mod],
    [preferences.receive_list_copy === false, OPTION.nodupes],
  ];
  return set.reduce((bits, [isSet, bit]) => (isSet ? bits | bit : bits), before & ~known);
}

function isModerated({ moderationAction }: Member, { settings }: MailingList): boolean {
  const action = moderationAction ?? settings.default_member_action;
  return action !== 'defer' && action !== 'accept';
}

function bounceInfo(
  { bounce, legacy }: Member,
  { settings }: MailingList,
  _values: PythonValues,
  key: PickleValue,
): PickleValue | undefined {
  if (bounce.score === 0 && bounce.lastReceived === null) return undefined;
  const left =
    legacy?.bounceNoticesLeft ??
    Math.max(0, settings.bounce_you_are_disabled_warnings - bounce.totalWarningsSent);
  return PyInstance.oldStyle(
    'Mailman.Bouncer',
    '_BounceInfo',
    new PyDict([
      [new PyBytes('member'), key],
      [new PyBytes('score'), new PyFloat(bounce.score)],
      [new PyBytes('date'), day(bounce.lastReceived)],
      [new PyBytes('noticesleft'), left],
      // Mailman 2.1's way to say that none was sent.
      [
        new PyBytes('lastnotice'),
        bounce.lastWarningSent === null ? new PyTuple([1970, 1, 2]) : day(bounce.lastWarningSent),
      ],
      [new PyBytes('cookie'), legacy?.bounceCookie === undefined ? null : new PyBytes(legacy.bounceCookie)],
    ]),
  );
}

function day(time: UtcTime | null): PyTuple {
  if (time === null) return new PyTuple([1970, 1, 1]);
  return new PyTuple(time.slice(0, 10).split('-').map(Number));
}
