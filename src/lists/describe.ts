import { autoresponsesOf } from '../database/autoresponses.ts';
import { bansOf } from '../database/bans.ts';
import { findDomain } from '../database/domains.ts';
import type { Connection } from '../database/handle.ts';
import { headerMatchesOf } from '../database/header-matches.ts';
import { addressesOnList, lastDigestsOf, usersOnList } from '../database/people-of-list.ts';
import { type RosterEntry, roster } from '../database/roster.ts';
import { templatesOf } from '../database/templates.ts';
import { type MailingList, postingAddress, subAddress } from '../model/mailing-list.ts';
import { offeredLanguage } from '../model/preferences.ts';
import {
  isSecretSetting,
  type ListSettings,
  type SettingName,
  settingNames,
  showSetting,
} from '../model/settings/index.ts';
import type { TemplateSource } from '../model/template.ts';
import { isSecretLegacySetting, showVerbatim, type Verbatim } from '../model/verbatim.ts';
import { describeAddress, describeOwn, describeUser } from './transfer/people.ts';
import { describeWaiting } from './transfer/waiting.ts';

/** What else belongs to a list, or to its people. */
const NOT_INCLUDED = ['archive', 'bounces that are not counted yet', 'messages in queues', 'server owners'];

/** What `mailman export` writes; documented in docs/formats.md. */
export interface ListDescription {
  readonly format: 'ferryman-list';
  readonly version: 1;
  readonly fqdn_listname: string;
  readonly list_id: string;
  readonly [part: string]: unknown;
}

/** How a list is described. */
export interface DescribeOptions {
  /** Whether passwords and their hashes are shown. */
  readonly secrets: boolean;
  /** `[mailman] noreply_address`. */
  readonly noReplyName: string;
  /** By which held posts are read, one by one, when they are asked for: all of them may be more than there is memory for. */
  readonly reader: Connection;
}

/** All that a list has, in the terms of Mailman's REST API; `held_posts` is an asynchronous iterable. */
export async function describeList(
  connection: Connection,
  list: MailingList,
  { secrets, noReplyName, reader }: DescribeOptions,
): Promise<ListDescription> {
  const { settings, listId } = list;
  const legacySettings = Object.entries(list.legacySettings).filter(
    ([name]) => secrets || !isSecretLegacySetting(name),
  );
  const entries = await roster(connection, { listId }, settings.preferred_language);
  const autoresponses = await autoresponsesOf(connection, listId);
  const lastDigests = await lastDigestsOf(connection, listId);
  return {
    format: 'ferryman-list',
    version: 1,
    fqdn_listname: postingAddress(list),
    list_id: listId,
    has_secrets: secrets,
    not_included: NOT_INCLUDED,
    domain: { description: (await findDomain(connection, list.mailHost))?.description ?? null },
    settings: describeSettings(list, { secrets, noReplyName }),
    legacy_settings: Object.fromEntries(
      legacySettings.map(([name, value]) => [name, showVerbatim(value as Verbatim)]),
    ),
    legacy_settings_exact: Object.fromEntries(legacySettings),
    users: (await usersOnList(connection, listId)).map((user) => describeUser(user, secrets)),
    addresses: (await addressesOnList(connection, listId)).map(describeAddress),
    members: entries.map((entry) => ({
      ...describeMember(entry, settings, secrets),
      ...(lastDigests.has(entry.member.memberId)
        ? { last_digest: lastDigests.get(entry.member.memberId) }
        : {}),
    })),
    bans: (await bansOf(connection, listId)).map(({ email }) => email),
    header_matches: await headerMatchesOf(connection, listId),
    content_filters: {
      filter_content: settings.filter_content,
      filter_action: settings.filter_action,
      filter_types: settings.filter_types,
      pass_types: settings.pass_types,
      filter_extensions: settings.filter_extensions,
      pass_extensions: settings.pass_extensions,
    },
    acceptable_aliases: settings.acceptable_aliases,
    topics: settings.topics,
    templates: (await templatesOf(connection, { scope: 'list', listId })).map(
      ({ name, language, source }) => ({
        name,
        language,
        ...('text' in source ? { text: source.text } : describeUri(source, secrets)),
      }),
    ),
    autoresponses: autoresponses.map(({ kind, email, quietUntil, day, count }) => ({
      kind,
      email,
      quiet_until: quietUntil,
      day,
      count,
    })),
    ...(await describeWaiting(connection, listId, { secrets, reader })),
  };
}

function describeUri(
  { uri, username, password }: Extract<TemplateSource, { uri: string }>,
  secrets: boolean,
): Record<string, unknown> {
  return secrets ? { uri, username, password } : { uri };
}

/** The settings of a list with its addresses and counters, by name. */
export function describeSettings(
  list: MailingList,
  { secrets, noReplyName }: Omit<DescribeOptions, 'reader'>,
): Record<string, unknown> {
  const shown = settingNames
    .filter((name) => secrets || !isSecretSetting(name))
    .map((name): [string, unknown] => [name, show(name, list.settings)]);
  return Object.fromEntries(
    [
      ...shown,
      ['list_name', list.listName],
      ['mail_host', list.mailHost],
      ['fqdn_listname', postingAddress(list)],
      ['posting_address', postingAddress(list)],
      ...['bounces', 'join', 'leave', 'owner', 'request'].map((purpose): [string, unknown] => [
        `${purpose}_address`,
        subAddress(list, purpose),
      ]),
      ['no_reply_address', `${noReplyName}@${list.mailHost}`],
      ['created_at', list.createdAt],
      ['last_post_at', list.lastPostAt],
      ['digest_last_sent_at', list.digestLastSentAt],
      ['post_id', list.postId],
      ['next_request_id', list.nextRequestId],
      ['volume', list.volume],
      ['next_digest_number', list.nextDigestNumber],
      ['usenet_watermark', list.usenetWatermark],
    ].sort(([one], [other]) => (String(one) < String(other) ? -1 : 1)) as [string, unknown][],
  );
}

function show<K extends SettingName>(name: K, settings: ListSettings): unknown {
  return showSetting(name, settings[name]);
}

/** A membership with what applies to it. */
export function describeMember(
  entry: RosterEntry,
  settings: ListSettings,
  secrets: boolean,
): Record<string, unknown> {
  const { member, preferences } = entry;
  return {
    member_id: member.memberId,
    address: member.originalEmail,
    display_name: entry.displayName,
    role: member.role,
    delivery_mode: preferences.delivery_mode,
    delivery_status: preferences.delivery_status,
    delivery_status_since: member.deliveryStatusSince,
    preferred_language: offeredLanguage(preferences.preferred_language, settings),
    acknowledge_posts: preferences.acknowledge_posts,
    hide_address: preferences.hide_address,
    receive_own_postings: preferences.receive_own_postings,
    receive_list_copy: preferences.receive_list_copy,
    moderation_action: member.moderationAction ?? defaultAction(entry, settings),
    topics: member.topics,
    receive_unmatched_topics: member.receiveUnmatchedTopics,
    own: describeOwn(member),
    subscription_mode: member.subscriptionMode,
    subscribed_at: member.subscribedAt,
    bounce: {
      score: member.bounce.score,
      last_bounce_received: member.bounce.lastReceived,
      last_warning_sent: member.bounce.lastWarningSent,
      total_warnings_sent: member.bounce.totalWarningsSent,
      notices_left: Math.max(0, settings.bounce_you_are_disabled_warnings - member.bounce.totalWarningsSent),
    },
    ...(member.legacy ? { mailman21: describeLegacy(entry, secrets) } : {}),
    ...(secrets ? { password: member.legacy?.password ?? null } : {}),
  };
}

function describeLegacy({ member: { legacy } }: RosterEntry, secrets: boolean): Record<string, unknown> {
  return {
    options: legacy?.options ?? 0,
    bounce_notices_left: legacy?.bounceNoticesLeft ?? null,
    ...(secrets ? { bounce_cookie: legacy?.bounceCookie ?? null } : {}),
  };
}

function defaultAction({ member }: RosterEntry, settings: ListSettings): string {
  switch (member.role) {
    case 'member':
      return settings.default_member_action;
    case 'nonmember':
      return settings.default_nonmember_action;
    default:
      return 'accept';
  }
}
