/**
 * What the settings of Mailman 2.1 become, written from the description of Mailman's own importer and of Mailman 2.1's
 * attributes (not from the product's tables): `[name here, value here]` for each name there.
 */

type Config = Readonly<Record<string, unknown>>;
type Translate = (value: unknown, config: Config) => unknown;

const same: Translate = (value) => value;
const truth: Translate = (value) => value === true || value === 1;
const days: Translate = (value) => `${value}d`;
const daysOfSeconds: Translate = (value) => `${Number(value) / 86_400}d`;
const oneOf =
  (...names: string[]): Translate =>
  (value) =>
    names[Number(value)];

/** Seconds since 1970 as a text in UTC with microseconds. */
export function utc(seconds: number): string {
  const [whole, fraction] = seconds.toFixed(6).split('.');
  return `${new Date(Number(whole) * 1000).toISOString().slice(0, 19)}.${fraction}Z`;
}

const time: Translate = (value) => (value === 0 ? null : utc(Number(value)));

const password: Translate = (value) => (value === null ? null : `mailman21:sha1:${value}`);

const frequency = oneOf('yearly', 'monthly', 'quarterly', 'weekly', 'daily');

/** Names that are the same on both sides, with values that are the same. */
const SAME = `bounce_matching_headers bounce_score_threshold bounce_you_are_disabled_warnings description
  dmarc_moderation_notice dmarc_wrapped_message_text info linked_newsgroup max_days_to_hold max_message_size
  max_num_recipients member_moderation_notice member_verbosity_interval member_verbosity_threshold new_member_options
  nntp_host nonmember_rejection_notice post_id preferred_language reply_to_address subject_prefix
  topics_bodylines_limit volume next_digest_number next_request_id usenet_watermark admin_member_chunksize
  available_languages encode_ascii_prefixes equivalent_domains regular_exclude_lists regular_include_lists
  subscribe_auto_approval umbrella_member_suffix web_page_url accept_these_nonmembers discard_these_nonmembers
  hold_these_nonmembers reject_these_nonmembers autoresponse_postings_text autoresponse_request_text`;

/** The same for truth, which Mailman 2.1 keeps as 0, 1, False or True. */
const TRUTH = `admin_immed_notify admin_notify_mchanges administrivia advertised anonymous_list
  bounce_notify_owner_on_bounce_increment bounce_notify_owner_on_disable bounce_notify_owner_on_removal
  collapse_alternatives convert_html_to_plaintext digest_is_default digest_send_periodic
  dmarc_none_moderation_action dmarc_quarantine_moderation_action drop_cc emergency filter_content
  first_strip_reply_to forward_auto_discards gateway_to_mail gateway_to_news include_rfc2369_headers
  include_sender_header mime_is_default_digest nondigestable obscure_addresses regular_exclude_ignore
  require_explicit_destination respond_to_post_requests scrub_nondigest topics_enabled umbrella_list`;

const OTHERS: Readonly<Record<string, readonly [string, Translate]>> = {
  archive_volume_frequency: ['archive_volume_frequency', frequency],
  autorespond_admin: ['autorespond_owner', oneOf('none', 'respond_and_continue')],
  autorespond_postings: ['autorespond_postings', oneOf('none', 'respond_and_continue')],
  autorespond_requests: [
    'autorespond_requests',
    oneOf('none', 'respond_and_discard', 'respond_and_continue'),
  ],
  autoresponse_admin_text: ['autoresponse_owner_text', same],
  autoresponse_graceperiod: ['autoresponse_grace_period', days],
  bounce_info_stale_after: ['bounce_info_stale_after', daysOfSeconds],
  bounce_processing: ['process_bounces', truth],
  bounce_unrecognized_goes_to_list_owner: [
    'forward_unrecognized_bounces_to',
    (value) => oneOf('discard', 'administrators')(value ? 1 : 0, {}),
  ],
  bounce_you_are_disabled_warnings_interval: ['bounce_you_are_disabled_warnings_interval', daysOfSeconds],
  created_at: ['created_at', time],
  digest_last_sent_at: ['digest_last_sent_at', time],
  last_post_time: ['last_post_at', time],
  digest_size_threshhold: ['digest_size_threshold', same],
  digest_volume_frequency: ['digest_volume_frequency', frequency],
  digestable: ['digests_enabled', truth],
  dmarc_moderation_addresses: ['dmarc_addresses', same],
  filter_action: ['filter_action', oneOf('discard', 'reject', 'forward', 'preserve')],
  filter_filename_extensions: ['filter_extensions', same],
  filter_mime_types: ['filter_types', same],
  pass_filename_extensions: ['pass_extensions', same],
  pass_mime_types: ['pass_types', same],
  generic_nonmember_action: ['default_nonmember_action', oneOf('defer', 'hold', 'reject', 'discard')],
  include_list_post_header: ['allow_list_posts', truth],
  member_moderation_action: ['member_moderation_action', oneOf('hold', 'reject', 'discard')],
  news_moderation: ['newsgroup_moderation', oneOf('none', 'open_moderated', 'moderated')],
  news_prefix_subject_too: ['nntp_prefix_subject_too', truth],
  personalize: ['personalize', oneOf('none', 'individual', 'full')],
  private_roster: ['member_roster_visibility', oneOf('public', 'members', 'moderators')],
  real_name: ['display_name', same],
  reply_goes_to_list: ['reply_goes_to_list', oneOf('no_munging', 'point_to_list', 'explicit_header')],
  send_goodbye_msg: ['send_goodbye_message', truth],
  send_welcome_msg: ['send_welcome_message', truth],
  subscribe_policy: ['subscription_policy', oneOf('open', 'confirm', 'moderate', 'confirm_then_moderate')],
  unsubscribe_policy: ['unsubscription_policy', oneOf('confirm', 'confirm_then_moderate')],
  password: ['admin_password', password],
  mod_password: ['moderator_password', password],
  post_password: ['poster_password', password],
  topics: [
    'topics',
    (value) =>
      (value as readonly (readonly string[])[]).map(([name, patterns, description]) => ({
        name,
        patterns,
        description,
      })),
  ],
  one_last_digest: ['one_last_digest', (value) => Object.keys(value as object)],
  default_member_moderation: [
    'default_member_action',
    (value, config) =>
      truth(value, config)
        ? oneOf('hold', 'reject', 'discard')(config.member_moderation_action, config)
        : 'defer',
  ],
  archive: [
    'archive_policy',
    (value, config) =>
      truth(value, config) ? (config.archive_private === 0 ? 'public' : 'private') : 'never',
  ],
};

const words = (text: string): string[] => text.split(/\s+/);

/** For each setting of Mailman 2.1 that has one counterpart: its name and value here. */
export const translations: ReadonlyMap<string, readonly [string, Translate]> = new Map([
  ...words(SAME).map((name) => [name, [name, same]] as const),
  ...words(TRUTH).map((name) => [name, [name, truth]] as const),
  ...Object.entries(OTHERS),
]);
