import {
  actions,
  archivePolicies,
  archiveRenderingModes,
  dmarcMitigateActions,
  filterActions,
  fromIsListActions,
  memberModerationActions,
  newsgroupModerations,
  personalizations,
  replyGoesToList,
  responseActions,
  rosterVisibilities,
  subscriptionPolicies,
  unrecognizedBounceDispositions,
  volumeFrequencies,
} from '../enums.ts';
import { SECONDS_PER_DAY } from '../time.ts';
import {
  bool,
  count,
  duration,
  line,
  oneOf,
  password,
  real,
  type SettingDefinition,
  type SettingKind,
  text,
  textList,
  topicList,
} from './kinds.ts';

const rest = <T>(kind: SettingKind<T>, initial: NoInfer<T>): SettingDefinition<T> => ({
  kind,
  initial,
  exposure: 'rest',
});
const stored = <T>(kind: SettingKind<T>, initial: NoInfer<T>): SettingDefinition<T> => ({
  kind,
  initial,
  exposure: 'stored',
});
const secret = (): SettingDefinition<string | null> => ({
  kind: password,
  initial: null,
  exposure: 'secret',
});

/** The settings of Mailman 3's REST configuration; names and initial values are those of Mailman's legacy-default style. */
const mailman3 = {
  acceptable_aliases: rest(textList, []),
  accept_these_nonmembers: rest(textList, []),
  admin_immed_notify: rest(bool, true),
  admin_notify_mchanges: rest(bool, false),
  administrivia: rest(bool, true),
  advertised: rest(bool, true),
  allow_list_posts: rest(bool, true),
  anonymous_list: rest(bool, false),
  archive_policy: rest(oneOf(archivePolicies), 'public'),
  archive_rendering_mode: rest(oneOf(archiveRenderingModes), 'text'),
  autorespond_owner: rest(oneOf(responseActions), 'none'),
  autorespond_postings: rest(oneOf(responseActions), 'none'),
  autorespond_requests: rest(oneOf(responseActions), 'none'),
  autoresponse_grace_period: rest(duration, 90 * SECONDS_PER_DAY),
  autoresponse_owner_text: rest(text, ''),
  autoresponse_postings_text: rest(text, ''),
  autoresponse_request_text: rest(text, ''),
  bounce_info_stale_after: rest(duration, 7 * SECONDS_PER_DAY),
  bounce_notify_owner_on_bounce_increment: rest(bool, false),
  bounce_notify_owner_on_disable: rest(bool, true),
  bounce_notify_owner_on_removal: rest(bool, true),
  bounce_score_threshold: rest(real, 5),
  bounce_you_are_disabled_warnings: rest(count, 3),
  bounce_you_are_disabled_warnings_interval: rest(duration, 7 * SECONDS_PER_DAY),
  collapse_alternatives: rest(bool, true),
  convert_html_to_plaintext: rest(bool, false),
  default_member_action: rest(oneOf(actions), 'defer'),
  default_nonmember_action: rest(oneOf(actions), 'hold'),
  description: rest(line, ''),
  digest_send_periodic: rest(bool, true),
  digest_size_threshold: rest(real, 30),
  digest_volume_frequency: rest(oneOf(volumeFrequencies), 'monthly'),
  digests_enabled: rest(bool, true),
  discard_these_nonmembers: rest(textList, []),
  display_name: rest(text, ''),
  dmarc_mitigate_action: rest(oneOf(dmarcMitigateActions), 'no_mitigation'),
  dmarc_mitigate_unconditionally: rest(bool, false),
  dmarc_moderation_notice: rest(text, ''),
  dmarc_wrapped_message_text: rest(text, ''),
  emergency: rest(bool, false),
  filter_action: rest(oneOf(filterActions), 'discard'),
  filter_content: rest(bool, false),
  filter_extensions: rest(textList, []),
  filter_types: rest(textList, []),
  first_strip_reply_to: rest(bool, false),
  forward_unrecognized_bounces_to: rest(oneOf(unrecognizedBounceDispositions), 'administrators'),
  gateway_to_mail: rest(bool, false),
  gateway_to_news: rest(bool, false),
  hold_these_nonmembers: rest(textList, []),
  include_rfc2369_headers: rest(bool, true),
  info: rest(text, ''),
  linked_newsgroup: rest(text, ''),
  max_days_to_hold: rest(count, 0),
  max_message_size: rest(count, 40),
  max_num_recipients: rest(count, 10),
  member_roster_visibility: rest(oneOf(rosterVisibilities), 'moderators'),
  newsgroup_moderation: rest(oneOf(newsgroupModerations), 'none'),
  nntp_prefix_subject_too: rest(bool, true),
  pass_extensions: rest(textList, []),
  pass_types: rest(textList, []),
  personalize: rest(oneOf(personalizations), 'none'),
  posting_pipeline: rest(text, 'default-posting-pipeline'),
  preferred_language: rest(text, 'en'),
  process_bounces: rest(bool, true),
  reject_these_nonmembers: rest(textList, []),
  reply_goes_to_list: rest(oneOf(replyGoesToList), 'no_munging'),
  reply_to_address: rest(text, ''),
  require_explicit_destination: rest(bool, true),
  respond_to_post_requests: rest(bool, true),
  send_goodbye_message: rest(bool, true),
  send_welcome_message: rest(bool, true),
  subject_prefix: rest(text, ''),
  subscription_policy: rest(oneOf(subscriptionPolicies), 'confirm'),
  unsubscription_policy: rest(oneOf(subscriptionPolicies), 'confirm'),
};

/** Settings that Mailman 3 stores without showing them over REST. */
const mailman3Stored = {
  bounce_matching_headers: stored(text, ''),
  digest_is_default: stored(bool, false),
  /** Names of archivers that the server has and the list does not want. */
  disabled_archivers: stored(textList, []),
  encode_ascii_prefixes: stored(count, 0),
  /** On at first in both Mailmans; in Mailman 3 it does nothing, so lists made here begin without it. */
  forward_auto_discards: stored(bool, false),
  member_moderation_notice: stored(text, ''),
  nonmember_rejection_notice: stored(text, ''),
  obscure_addresses: stored(bool, true),
  owner_chain: stored(text, 'default-owner-chain'),
  owner_pipeline: stored(text, 'default-owner-pipeline'),
  posting_chain: stored(text, 'default-posting-chain'),
  scrub_nondigest: stored(bool, false),
  topics: stored(topicList, []),
  topics_bodylines_limit: stored(count, 5),
  topics_enabled: stored(bool, false),
};

/** Settings of Mailman 2.1 that Mailman 3 dropped; names and initial values are those of Mailman 2.1. */
const mailman21 = {
  admin_member_chunksize: stored(count, 30),
  archive_volume_frequency: stored(oneOf(volumeFrequencies), 'monthly'),
  /** The languages that members may choose; none named means all that the server knows. */
  available_languages: stored(textList, []),
  /** Addresses whose posts are mitigated as if their domain published a DMARC policy. */
  dmarc_addresses: stored(textList, []),
  dmarc_none_moderation_action: stored(bool, false),
  dmarc_quarantine_moderation_action: stored(bool, true),
  drop_cc: stored(bool, true),
  equivalent_domains: stored(text, ''),
  /** What is done with posts that DMARC mitigation leaves alone. */
  from_is_list: stored(oneOf(fromIsListActions), 'no_mitigation'),
  /** Mailman 3 has no such header, so lists made here begin without it; those taken over keep what they had. */
  include_sender_header: stored(bool, false),
  member_moderation_action: stored(oneOf(memberModerationActions), 'hold'),
  member_verbosity_interval: stored(count, 300),
  member_verbosity_threshold: stored(count, 0),
  mime_is_default_digest: stored(bool, false),
  /** Option bits that a new member starts with, as Mailman 2.1 numbers them; there it is 256 at first, which Mailman 3 does not do. */
  new_member_options: stored(count, 0),
  nntp_host: stored(text, ''),
  nondigestable: stored(bool, true),
  /** Members who left the digest and still get the one that is being collected. */
  one_last_digest: stored(textList, []),
  regular_exclude_ignore: stored(bool, true),
  regular_exclude_lists: stored(textList, []),
  regular_include_lists: stored(textList, []),
  subscribe_auto_approval: stored(textList, []),
  umbrella_list: stored(bool, false),
  umbrella_member_suffix: stored(text, '-owner'),
  web_page_url: stored(text, ''),
};

/** Passwords of roles, as hashes; `moderator_password` is the one that Mailman 3 has. */
const passwords = {
  admin_password: secret(),
  moderator_password: secret(),
  poster_password: secret(),
};

/** Every list setting by its Mailman name. */
export const settingDefinitions = { ...mailman3, ...mailman3Stored, ...mailman21, ...passwords };

export type SettingName = keyof typeof settingDefinitions;
