import type { Preferences } from '../../src/model/preferences.ts';
import type { ListSettings } from '../../src/model/settings/index.ts';

/** A list that both servers have. */
export interface PlannedList {
  readonly name: string;
  /** What differs from a new list of the style `legacy-default`. */
  readonly settings: Partial<ListSettings>;
}

/** Somebody who is on every list. */
export interface PlannedMember {
  readonly address: string;
  readonly displayName: string;
  readonly preferences?: Partial<Preferences>;
  readonly moderationAction?: 'hold' | 'reject' | 'discard';
}

/** The domain of all lists. */
export const MAIL_HOST = 'lists.example.com';

/** Mails to the addresses that the fixtures were written for are taken by all lists. */
const everywhere: Partial<ListSettings> = {
  acceptable_aliases: [
    'plain@lists.example.com',
    'ant@lists.example.com',
    'plain-bounces@lists.example.com',
    'friends-org@lists.example.org',
  ],
  send_welcome_message: false,
  // Whether a digest is large enough depends on headers that each server adds.
  digest_size_threshold: 100_000,
};

/** One list for each kind of change that a post may undergo. */
export const lists: readonly PlannedList[] = [
  { name: 'plain', settings: everywhere },
  {
    name: 'filtered',
    settings: {
      ...everywhere,
      filter_content: true,
      filter_types: ['image', 'text/calendar', 'application/x-msdownload'],
      filter_extensions: ['exe', 'bat'],
      collapse_alternatives: true,
    },
  },
  {
    name: 'anonymous',
    settings: { ...everywhere, anonymous_list: true, description: 'Nobody in particular' },
  },
  {
    name: 'replies',
    settings: {
      ...everywhere,
      description: 'Grüße & answers',
      display_name: 'Replies',
      first_strip_reply_to: true,
      reply_goes_to_list: 'point_to_list',
      subject_prefix: '[Replies %d] ',
    },
  },
  { name: 'personal', settings: { ...everywhere, personalize: 'full', description: 'For each of you' } },
  {
    name: 'munging',
    settings: {
      ...everywhere,
      dmarc_mitigate_action: 'munge_from',
      dmarc_mitigate_unconditionally: true,
    },
  },
  {
    name: 'wrapping',
    settings: {
      ...everywhere,
      dmarc_mitigate_action: 'wrap_message',
      dmarc_mitigate_unconditionally: true,
      dmarc_wrapped_message_text: 'What follows was written by somebody else.\n',
    },
  },
  {
    name: 'refusing',
    settings: {
      ...everywhere,
      filter_content: true,
      filter_action: 'reject',
      pass_types: ['multipart', 'text/plain', 'message/rfc822'],
    },
  },
  {
    name: 'digesting',
    // Any post fills a digest.
    settings: { ...everywhere, digest_size_threshold: 0.0001 },
  },
  {
    name: 'japanese',
    settings: {
      ...everywhere,
      preferred_language: 'ja',
      description: '日本語のリスト',
      subject_prefix: '[和] ',
    },
  },
];

/** Addresses of the first list that are not for posts; the mails go to them as well. */
const otherAddresses = ['owner', 'request', 'bounces'] as const;

const otherAddress = new RegExp(`-(?:${otherAddresses.join('|')})$`);

/** The local parts that the mails go to. */
export const destinations: readonly string[] = [
  ...lists.map(({ name }) => name),
  ...otherAddresses.map((which) => `plain-${which}`),
];

/** The name of the list that a local part belongs to. */
export const listOf = (destination: string): string => destination.replace(otherAddress, '');

/** On every list. Those who write the fixtures are among them; strangers are not. */
export const members: readonly PlannedMember[] = [
  { address: 'anna@example.com', displayName: 'Anna Alpha', preferences: { receive_own_postings: false } },
  { address: 'anne@example.com', displayName: 'Anne Person', preferences: { acknowledge_posts: true } },
  { address: 'bert@example.net', displayName: 'Bert' },
  { address: 'dora@example.org', displayName: '', preferences: { receive_list_copy: false } },
  { address: 'emil@example.org', displayName: 'Emil', preferences: { delivery_mode: 'mime_digests' } },
  { address: 'ext@p-reject.example', displayName: 'Ext' },
  { address: 'fritz@example.org', displayName: 'Fritz', preferences: { delivery_status: 'by_user' } },
  { address: 'Greta@Example.ORG', displayName: 'Greta Grün' },
  { address: 'mona@example.com', displayName: 'Mona', moderationAction: 'hold' },
  { address: 'paul@example.org', displayName: 'Paul', preferences: { delivery_mode: 'plaintext_digests' } },
  { address: 'rita@example.com', displayName: 'Rita', moderationAction: 'reject' },
];

export const owners: readonly string[] = ['owner@example.com', 'second-owner@example.net'];

/** Texts of both servers, for their own are worded differently. By their path below template_dir. */
export const templates: Readonly<Record<string, string>> = {
  'site/en/list:member:regular:footer.txt':
    '_______________________________________________\n$display_name mailing list -- $listname\nTo leave: $short_listname-leave@$domain\n',
  'site/ja/list:member:regular:footer.txt':
    '_______________________________________________\n$display_name メーリングリスト -- $listname\n退会: $short_listname-leave@$domain\n',
  'site/en/list:member:digest:masthead.txt': 'A digest of $display_name, from $got_list_email.\n',
  'site/en/list:member:digest:header.txt': 'Before all: $listname\n',
  'site/en/list:member:digest:footer.txt': 'After all: $listname\n',
  [`lists/personal.${MAIL_HOST}/en/list:member:regular:footer.txt`]:
    '-- \nFor $user_name_or_address <$user_delivered_to>\n',
  [`lists/personal.${MAIL_HOST}/en/list:member:regular:header.txt`]: 'Dear $user_name,\n',
};

/** The archiver that gives links; Mailman 3 calls no program for it. */
export const archiverFile =
  '[general]\nbase_url: http://$hostname/archives/$fqdn_listname\ncommand: /bin/true\n';
