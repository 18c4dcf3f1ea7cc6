import {
  memberModerationActions,
  newsgroupModerations,
  personalizations,
  replyGoesToList,
  responseActions,
  rosterVisibilities,
  subscriptionPolicies,
  unrecognizedBounceDispositions,
  volumeFrequencies,
} from '../../src/model/enums.ts';
import type { ListSettings, SettingName } from '../../src/model/settings/index.ts';
import { type Conversion, keepAside, numberAt, setSetting, textAt, textsAt, truthAt } from './conversion.ts';

/** What a setting of Mailman 2.1 is, when types of Python and charsets are left aside. */
export type PlainValue = boolean | number | string | readonly string[];

/** How one setting of Mailman 2.1 and its counterpart become each other; `key` is its name there. */
export interface SettingConverter {
  readonly name: SettingName;
  readonly convert: (conversion: Conversion, key: string) => void;
  /** Undefined where Mailman 2.1 has no such value. */
  readonly revert: (value: unknown) => PlainValue | undefined;
}

type NamesOf<T> = {
  [K in SettingName]: ListSettings[K] extends T ? (T extends ListSettings[K] ? K : never) : never;
}[SettingName];

const DAY = 86_400;

/** Truth is False, True, 0 or 1; None was left by very old versions. */
function bool(name: NamesOf<boolean>): SettingConverter {
  return {
    name,
    convert: (conversion, key) => setSetting(conversion, key, name, truthAt(conversion, key)),
    revert: (value) => value === true,
  };
}

function whole(name: NamesOf<number>, factor = 1): SettingConverter {
  return {
    name,
    convert: (conversion, key) => {
      const number = numberAt(conversion, key);
      setSetting(conversion, key, name, number === undefined ? undefined : number * factor);
    },
    revert: (value) => (typeof value === 'number' ? value / factor : undefined),
  };
}

function text(name: NamesOf<string>): SettingConverter {
  return {
    name,
    convert: (conversion, key) => setSetting(conversion, key, name, textAt(conversion, key)),
    revert: asText,
  };
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** One line: Mailman 2.1 does not keep line breaks out of the description. */
function line(name: NamesOf<string>): SettingConverter {
  return {
    name,
    convert: (conversion, key) => {
      const value = textAt(conversion, key);
      const single = value?.replace(/\s*[\r\n]+\s*/g, ' ');
      if (single !== value) keepAside(conversion, key, 'its line breaks are blanks here');
      setSetting(conversion, key, name, single);
    },
    revert: asText,
  };
}

function list(name: NamesOf<readonly string[]>): SettingConverter {
  return {
    name,
    convert: (conversion, key) => setSetting(conversion, key, name, textsAt(conversion, key)),
    revert: (value) => (Array.isArray(value) ? value.filter((item) => typeof item === 'string') : undefined),
  };
}

/** A number that stands for a name; `names[number]`. */
function choice<K extends SettingName>(name: K, names: readonly ListSettings[K][]): SettingConverter {
  return {
    name,
    convert: (conversion, key) => setSetting(conversion, key, name, names[numberAt(conversion, key) ?? -1]),
    revert: (value) => {
      const number = names.indexOf(value as ListSettings[K]);
      return number < 0 ? undefined : number;
    },
  };
}

const generalActions = ['defer', 'hold', 'reject', 'discard'] as const;

/** Settings that have one counterpart here. Those that need another one to be understood stand in settings-together.ts. */
export const settingsTable: Readonly<Record<string, SettingConverter>> = {
  accept_these_nonmembers: list('accept_these_nonmembers'),
  admin_immed_notify: bool('admin_immed_notify'),
  admin_member_chunksize: whole('admin_member_chunksize'),
  admin_notify_mchanges: bool('admin_notify_mchanges'),
  administrivia: bool('administrivia'),
  advertised: bool('advertised'),
  anonymous_list: bool('anonymous_list'),
  archive_volume_frequency: choice('archive_volume_frequency', volumeFrequencies),
  autorespond_admin: choice('autorespond_owner', ['none', 'respond_and_continue']),
  autorespond_postings: choice('autorespond_postings', ['none', 'respond_and_continue']),
  autorespond_requests: choice('autorespond_requests', responseActions),
  autoresponse_admin_text: text('autoresponse_owner_text'),
  autoresponse_graceperiod: whole('autoresponse_grace_period', DAY),
  autoresponse_postings_text: text('autoresponse_postings_text'),
  autoresponse_request_text: text('autoresponse_request_text'),
  available_languages: list('available_languages'),
  bounce_info_stale_after: whole('bounce_info_stale_after'),
  bounce_matching_headers: text('bounce_matching_headers'),
  bounce_notify_owner_on_bounce_increment: bool('bounce_notify_owner_on_bounce_increment'),
  bounce_notify_owner_on_disable: bool('bounce_notify_owner_on_disable'),
  bounce_notify_owner_on_removal: bool('bounce_notify_owner_on_removal'),
  bounce_processing: bool('process_bounces'),
  bounce_score_threshold: whole('bounce_score_threshold'),
  bounce_unrecognized_goes_to_list_owner: choice(
    'forward_unrecognized_bounces_to',
    unrecognizedBounceDispositions.slice(0, 2),
  ),
  bounce_you_are_disabled_warnings: whole('bounce_you_are_disabled_warnings'),
  bounce_you_are_disabled_warnings_interval: whole('bounce_you_are_disabled_warnings_interval'),
  collapse_alternatives: bool('collapse_alternatives'),
  convert_html_to_plaintext: bool('convert_html_to_plaintext'),
  description: line('description'),
  digest_is_default: bool('digest_is_default'),
  digest_send_periodic: bool('digest_send_periodic'),
  digest_size_threshhold: whole('digest_size_threshold'),
  digest_volume_frequency: choice('digest_volume_frequency', volumeFrequencies),
  digestable: bool('digests_enabled'),
  discard_these_nonmembers: list('discard_these_nonmembers'),
  dmarc_moderation_addresses: list('dmarc_addresses'),
  dmarc_moderation_notice: text('dmarc_moderation_notice'),
  dmarc_none_moderation_action: bool('dmarc_none_moderation_action'),
  dmarc_quarantine_moderation_action: bool('dmarc_quarantine_moderation_action'),
  dmarc_wrapped_message_text: text('dmarc_wrapped_message_text'),
  drop_cc: bool('drop_cc'),
  emergency: bool('emergency'),
  encode_ascii_prefixes: whole('encode_ascii_prefixes'),
  equivalent_domains: text('equivalent_domains'),
  filter_action: choice('filter_action', ['discard', 'reject', 'forward', 'preserve']),
  filter_content: bool('filter_content'),
  filter_filename_extensions: list('filter_extensions'),
  filter_mime_types: list('filter_types'),
  first_strip_reply_to: bool('first_strip_reply_to'),
  forward_auto_discards: bool('forward_auto_discards'),
  gateway_to_mail: bool('gateway_to_mail'),
  gateway_to_news: bool('gateway_to_news'),
  generic_nonmember_action: choice('default_nonmember_action', generalActions),
  hold_these_nonmembers: list('hold_these_nonmembers'),
  include_list_post_header: bool('allow_list_posts'),
  include_rfc2369_headers: bool('include_rfc2369_headers'),
  include_sender_header: bool('include_sender_header'),
  info: text('info'),
  linked_newsgroup: text('linked_newsgroup'),
  max_days_to_hold: whole('max_days_to_hold'),
  max_message_size: whole('max_message_size'),
  max_num_recipients: whole('max_num_recipients'),
  member_moderation_action: choice('member_moderation_action', memberModerationActions),
  member_moderation_notice: text('member_moderation_notice'),
  member_verbosity_interval: whole('member_verbosity_interval'),
  member_verbosity_threshold: whole('member_verbosity_threshold'),
  mime_is_default_digest: bool('mime_is_default_digest'),
  new_member_options: whole('new_member_options'),
  news_moderation: choice('newsgroup_moderation', newsgroupModerations),
  news_prefix_subject_too: bool('nntp_prefix_subject_too'),
  nntp_host: text('nntp_host'),
  nondigestable: bool('nondigestable'),
  nonmember_rejection_notice: text('nonmember_rejection_notice'),
  obscure_addresses: bool('obscure_addresses'),
  pass_filename_extensions: list('pass_extensions'),
  pass_mime_types: list('pass_types'),
  personalize: choice('personalize', personalizations),
  preferred_language: text('preferred_language'),
  private_roster: choice('member_roster_visibility', rosterVisibilities),
  real_name: text('display_name'),
  regular_exclude_ignore: bool('regular_exclude_ignore'),
  regular_exclude_lists: list('regular_exclude_lists'),
  regular_include_lists: list('regular_include_lists'),
  reject_these_nonmembers: list('reject_these_nonmembers'),
  reply_goes_to_list: choice('reply_goes_to_list', replyGoesToList.slice(0, 3)),
  reply_to_address: text('reply_to_address'),
  require_explicit_destination: bool('require_explicit_destination'),
  respond_to_post_requests: bool('respond_to_post_requests'),
  scrub_nondigest: bool('scrub_nondigest'),
  send_goodbye_msg: bool('send_goodbye_message'),
  send_welcome_msg: bool('send_welcome_message'),
  subject_prefix: text('subject_prefix'),
  subscribe_auto_approval: list('subscribe_auto_approval'),
  subscribe_policy: choice('subscription_policy', subscriptionPolicies),
  topics_bodylines_limit: whole('topics_bodylines_limit'),
  topics_enabled: bool('topics_enabled'),
  umbrella_list: bool('umbrella_list'),
  umbrella_member_suffix: text('umbrella_member_suffix'),
  // Whoever leaves confirms by mail in any case; 1 asks the owners too.
  unsubscribe_policy: choice('unsubscription_policy', ['confirm', 'confirm_then_moderate']),
  web_page_url: text('web_page_url'),
};
