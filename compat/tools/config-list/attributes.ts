/** How the value of a setting is written, and what is checked of it. */
export type AttributeKind =
  /** No or yes: 0, 1. */
  | 'toggle'
  /** One of a row of labels, by its number. */
  | 'choice'
  | 'number'
  /** Seconds that are written as days. */
  | 'days'
  | 'text'
  | 'addresses'
  /** Addresses, `^` regular expressions and `@list`. */
  | 'patterns'
  | 'list'
  /** A list that is written as one text, a line each. */
  | 'lines'
  | 'topics'
  | 'rules';

/** A setting of Mailman 2.1 as its web pages and config_list show it. */
export interface Attribute {
  readonly name: string;
  readonly kind: AttributeKind;
  readonly help: string;
  /** For choices: the labels of 0, 1, … */
  readonly labels?: readonly string[];
}

/** Settings that stand on one page, in the order of Mailman 2.1 (mailman21.md 8.2). */
export interface Category {
  readonly title: string;
  readonly attributes: readonly Attribute[];
}

const toggle = (name: string, help: string): Attribute => ({ name, kind: 'toggle', help });
const number = (name: string, help: string): Attribute => ({ name, kind: 'number', help });
const text = (name: string, help: string): Attribute => ({ name, kind: 'text', help });
const patterns = (name: string, help: string): Attribute => ({ name, kind: 'patterns', help });
const lines = (name: string, help: string): Attribute => ({ name, kind: 'lines', help });
const days = (name: string, help: string): Attribute => ({ name, kind: 'days', help });
const choice = (name: string, help: string, ...labels: string[]): Attribute => ({
  name,
  kind: 'choice',
  help,
  labels,
});

const FREQUENCIES = ['Yearly', 'Monthly', 'Quarterly', 'Weekly', 'Daily'];

export const categories: readonly Category[] = [
  {
    title: 'General options',
    attributes: [
      text('real_name', 'Name of the list as people see it; differs from the internal one in case only.'),
      { name: 'owner', kind: 'addresses', help: 'Addresses of the owners.' },
      { name: 'moderator', kind: 'addresses', help: 'Addresses of the moderators.' },
      text('description', 'One line about the list.'),
      text('info', 'What the page of the list says about it.'),
      text('subject_prefix', 'Put in front of Subject; %d is the number of the post.'),
      choice('from_is_list', 'What is done to From of all posts.', 'No', 'Munge From', 'Wrap Message'),
      toggle('anonymous_list', 'Hide who wrote a post.'),
      toggle('first_strip_reply_to', 'Remove the Reply-To of posts.'),
      choice('reply_goes_to_list', 'Where answers go.', 'Poster', 'This list', 'Explicit address'),
      text('reply_to_address', 'The explicit address.'),
      toggle('umbrella_list', 'The members are lists.'),
      text('umbrella_member_suffix', 'What is put behind names of members for notices.'),
      toggle('send_reminders', 'Mail passwords each month.'),
      text('welcome_msg', 'Words of welcome.'),
      toggle('send_welcome_msg', 'Welcome new members.'),
      text('goodbye_msg', 'Words of goodbye.'),
      toggle('send_goodbye_msg', 'Say goodbye to whoever leaves.'),
      toggle('admin_immed_notify', 'Tell moderators of each request at once.'),
      toggle('admin_notify_mchanges', 'Tell owners who joined and left.'),
      toggle('respond_to_post_requests', 'Tell posters that a post is held.'),
      toggle('emergency', 'Hold all posts.'),
      number('new_member_options', 'Options of new members: sum of 2 notmetoo, 4 ack, 16 hide, 256 nodupes.'),
      toggle('administrivia', 'Hold posts that look like commands.'),
      number('max_message_size', 'Largest post in KB; 0 is any.'),
      number('admin_member_chunksize', 'Members on one page.'),
      text('host_name', 'The domain of the addresses.'),
      toggle('include_rfc2369_headers', 'Add the List-* headers.'),
      toggle('include_list_post_header', 'Add List-Post.'),
      toggle('include_sender_header', 'Set Sender.'),
      number('max_days_to_hold', 'Discard what is held for so many days; 0 is never.'),
      toggle('drop_cc', 'Take members who get no copy out of Cc.'),
    ],
  },
  {
    title: 'Language options',
    attributes: [
      text('preferred_language', 'The language of the list.'),
      { name: 'available_languages', kind: 'list', help: 'Languages that members may choose.' },
      choice('encode_ascii_prefixes', 'Encode an ASCII prefix.', 'Never', 'Always', 'As needed'),
    ],
  },
  {
    title: 'Non-digest options',
    attributes: [
      toggle('nondigestable', 'Members may get posts one by one.'),
      choice('personalize', 'Send each member a copy of its own.', 'No', 'Yes', 'Full Personalization'),
      text('msg_header', 'Put above posts.'),
      text('msg_footer', 'Put below posts.'),
      toggle('scrub_nondigest', 'Replace attachments by links.'),
      {
        name: 'regular_exclude_lists',
        kind: 'list',
        help: 'Lists whose members get no copy of what went there, too.',
      },
      toggle('regular_exclude_ignore', 'Ignore those of which the poster is no member.'),
      { name: 'regular_include_lists', kind: 'list', help: 'Lists whose members get the posts as well.' },
    ],
  },
  {
    title: 'Digest options',
    attributes: [
      toggle('digestable', 'Members may get digests.'),
      choice('digest_is_default', 'What new members get.', 'Regular', 'Digest'),
      choice('mime_is_default_digest', 'Kind of digest.', 'Plain', 'MIME'),
      number('digest_size_threshhold', 'Send a digest at this size in KB; 0 is any.'),
      toggle('digest_send_periodic', 'Send one each day, whatever its size.'),
      text('digest_header', 'Put above digests.'),
      text('digest_footer', 'Put below digests.'),
      choice('digest_volume_frequency', 'How often a new volume begins.', ...FREQUENCIES),
    ],
  },
  {
    title: 'Privacy options: subscribing',
    attributes: [
      toggle('advertised', 'Name the list among the public ones.'),
      choice(
        'subscribe_policy',
        'How to join.',
        'None',
        'Confirm',
        'Require approval',
        'Confirm and approve',
      ),
      patterns('subscribe_auto_approval', 'Who needs no approval.'),
      toggle('unsubscribe_policy', 'Leaving needs approval.'),
      patterns('ban_list', 'Who may not join.'),
      choice('private_roster', 'Who sees the members.', 'Anyone', 'List members', 'List admin only'),
      toggle('obscure_addresses', 'Show addresses so that harvesters do not find them.'),
    ],
  },
  {
    title: 'Privacy options: sender',
    attributes: [
      toggle('default_member_moderation', 'New members are moderated.'),
      number('member_verbosity_threshold', 'Moderate whoever posts so often in the interval; 0 is never.'),
      number('member_verbosity_interval', 'The interval in seconds.'),
      choice('member_moderation_action', 'Posts of moderated members.', 'Hold', 'Reject', 'Discard'),
      text('member_moderation_notice', 'What a rejection says.'),
      choice(
        'dmarc_moderation_action',
        'Posts of protected domains.',
        'Accept',
        'Munge From',
        'Wrap Message',
        'Reject',
        'Discard',
      ),
      toggle('dmarc_quarantine_moderation_action', 'p=quarantine counts as protected.'),
      toggle('dmarc_none_moderation_action', 'p=none counts as protected.'),
      text('dmarc_moderation_notice', 'What a rejection says.'),
      text('dmarc_wrapped_message_text', 'Put beside a wrapped post.'),
      patterns('dmarc_moderation_addresses', 'Who counts as protected in any case.'),
      text('equivalent_domains', 'Domains that count as the same: a,b;c,d.'),
      patterns('accept_these_nonmembers', 'Their posts are accepted.'),
      patterns('hold_these_nonmembers', 'Their posts are held.'),
      patterns('reject_these_nonmembers', 'Their posts are rejected.'),
      patterns('discard_these_nonmembers', 'Their posts are discarded.'),
      choice('generic_nonmember_action', 'Posts of all others.', 'Accept', 'Hold', 'Reject', 'Discard'),
      toggle('forward_auto_discards', 'Show the moderators what is discarded.'),
      text('nonmember_rejection_notice', 'What a rejection says.'),
    ],
  },
  {
    title: 'Privacy options: recipient',
    attributes: [
      toggle('require_explicit_destination', 'Hold posts that do not name the list.'),
      text('acceptable_aliases', 'Regular expressions for other names of the list, one a line.'),
      number('max_num_recipients', 'Hold posts with so many recipients; 0 is any number.'),
    ],
  },
  {
    title: 'Privacy options: spam filters',
    attributes: [
      {
        name: 'header_filter_rules',
        kind: 'rules',
        help: 'Rules: (regular expressions, action 0 2 3 6 7, False).',
      },
      text('bounce_matching_headers', 'Hold posts with such headers: name: regular expression, one a line.'),
    ],
  },
  {
    title: 'Bounce processing',
    attributes: [
      toggle('bounce_processing', 'Count bounces.'),
      number('bounce_score_threshold', 'Disable a member at this score.'),
      days('bounce_info_stale_after', 'Forget scores after so many days.'),
      number('bounce_you_are_disabled_warnings', 'Warnings before a member is removed.'),
      days('bounce_you_are_disabled_warnings_interval', 'Days between them.'),
      toggle('bounce_unrecognized_goes_to_list_owner', 'Show the owners bounces that are not understood.'),
      toggle('bounce_notify_owner_on_bounce_increment', 'Tell them of each bounce.'),
      toggle('bounce_notify_owner_on_disable', 'Tell them who is disabled.'),
      toggle('bounce_notify_owner_on_removal', 'Tell them who is removed.'),
    ],
  },
  {
    title: 'Archiving options',
    attributes: [
      toggle('archive', 'Keep an archive.'),
      choice('archive_private', 'Who may read it.', 'public', 'private'),
      choice('archive_volume_frequency', 'How often a new volume begins.', ...FREQUENCIES),
    ],
  },
  {
    title: 'Mail and news gateways',
    attributes: [
      text('nntp_host', 'The news server.'),
      text('linked_newsgroup', 'The newsgroup.'),
      toggle('gateway_to_news', 'Posts go to the newsgroup.'),
      toggle('gateway_to_mail', 'Articles go to the list.'),
      choice(
        'news_moderation',
        'Moderation of the group.',
        'None',
        'Open list, moderated group',
        'Moderated',
      ),
      toggle('news_prefix_subject_too', 'Articles get the prefix, too.'),
    ],
  },
  {
    title: 'Auto-responder',
    attributes: [
      toggle('autorespond_postings', 'Answer posts.'),
      text('autoresponse_postings_text', 'What is answered.'),
      toggle('autorespond_admin', 'Answer mail to the owners.'),
      text('autoresponse_admin_text', 'What is answered.'),
      choice('autorespond_requests', 'Answer commands.', 'No', 'Yes, w/discard', 'Yes, w/forward'),
      text('autoresponse_request_text', 'What is answered.'),
      number('autoresponse_graceperiod', 'Days between two answers to one sender.'),
    ],
  },
  {
    title: 'Content filtering',
    attributes: [
      toggle('filter_content', 'Filter posts.'),
      lines('filter_mime_types', 'Types that are removed.'),
      lines('pass_mime_types', 'Types that stay; none is all.'),
      lines('filter_filename_extensions', 'Extensions that are removed.'),
      lines('pass_filename_extensions', 'Extensions that stay; none is all.'),
      toggle('collapse_alternatives', 'Keep the first of several forms of a text.'),
      toggle('convert_html_to_plaintext', 'Turn HTML into text.'),
      choice(
        'filter_action',
        'What is done when nothing is left.',
        'Discard',
        'Reject',
        'Forward to List Owner',
        'Preserve',
      ),
    ],
  },
  {
    title: 'Topics',
    attributes: [
      toggle('topics_enabled', 'Sort posts by topics.'),
      number('topics_bodylines_limit', 'Lines of the text in which topics are looked for; -1 is all.'),
      { name: 'topics', kind: 'topics', help: 'Topics: (name, regular expressions, description, False).' },
    ],
  },
];

const byName: ReadonlyMap<string, Attribute> = new Map(
  categories.flatMap(({ attributes }) => attributes.map((attribute) => [attribute.name, attribute])),
);

/** The attribute that `config_list` knows by this name. */
export function attributeNamed(name: string): Attribute | undefined {
  return byName.get(name);
}
