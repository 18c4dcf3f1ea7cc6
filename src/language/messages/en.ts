/**
 * Every fixed text that is no template, in English: the wording that Mailman's users and other programs know.
 * `{name}` is filled in; a translation uses the same names.
 */
export const en = {
  subject_confirm_join: 'Your confirmation is needed to join the {listname} mailing list.',
  subject_confirm_leave: 'Your confirmation is needed to leave the {listname} mailing list.',
  subject_invitation: 'You have been invited to join the {listname} mailing list.',
  subject_join_waits: 'New subscription request to {display_name} from {email}',
  subject_leave_waits: 'New unsubscription request to {display_name} from {email}',
  subject_post_held: 'Your message to {listname} awaits moderator approval',
  subject_post_needs_approval: '{listname} post from {sender} requires approval',
  subject_no_more_today: 'Last autoresponse notification for today',
  subject_welcome: 'Welcome to the "{display_name}" mailing list',
  subject_welcome_digest: 'Welcome to the "{display_name}" mailing list (Digest mode)',
  subject_goodbye: 'You have been unsubscribed from the {display_name} mailing list',
  subject_member_joined: '{display_name} subscription notification',
  subject_member_left: '{display_name} unsubscription notification',
  subject_request_rejected: 'Request to mailing list "{display_name}" rejected',
  subject_requests_waiting: 'The {listname} list has {count} moderation requests waiting.',
  subject_bounce_score: "{email}'s bounce score incremented on {display_name}",
  subject_disabled_for_owners: "{email}'s subscription disabled on {display_name}",
  subject_removed_for_bounces: '{email} unsubscribed from {display_name} mailing list due to bounces',
  subject_disabled: 'Your subscription for {display_name} mailing list has been disabled',
  subject_probe: '{display_name} mailing list probe message',
  subject_unrecognized_bounce: 'Uncaught bounce notification',
  subject_acknowledgement: '{display_name} post acknowledgment',
  subject_new_list: 'Your new mailing list: {listname}',
  subject_autoresponse: 'Auto-response for your message to the "{display_name}" mailing list',
  subject_command_results: 'The results of your email commands',
  subject_auto_discard: 'Auto-discard notification',
  subject_content_filter: 'Content filter message notification',
  subject_forwarded: 'Forward of moderated message',
  no_subject: '(no subject)',

  digest_subject: '{display_name} Digest, Vol {volume}, Issue {number}',
  digest_topics: "Today's Topics:",
  digest_topics_count: "Today's Topics ({count} messages)",
  digest_header: 'Digest Header',
  digest_footer: 'Digest Footer',
  digest_end: 'End of {subject}',
  digest_next_part: 'next part',
  digest_part_removed: 'A part of this message is not plain text and was left out...',
  digest_part_name: 'Name: {name}',
  digest_part_type: 'Type: {type}',
  digest_part_size: 'Size: {size} bytes',
  digest_part_description: 'Desc: {description}',
  digest_part_unknown: 'not available',

  results_intro: 'These are the results of the commands that you sent by email.',
  results_original: '- Original message details:',
  results_from: 'From: {value}',
  results_subject: 'Subject: {value}',
  results_date: 'Date: {value}',
  results_message_id: 'Message-ID: {value}',
  results_results: '- Results:',
  results_unprocessed: '- Unprocessed:',
  results_ignored: '- Ignored:',
  results_done: '- Done.',
  results_not_available: 'n/a',

  command_unknown: 'No such command: {command}',
  command_no_plain_text: 'Ignoring non-text/plain MIME parts',
  command_confirmed: 'Confirmed',
  command_token_mismatch: 'Confirmation token did not match',
  command_no_token: 'No confirmation token found',
  command_post_discarded: 'Message discarded',
  command_post_accepted: 'Message accepted',
  command_bad_approved: 'Invalid Approved: password',
  command_help_unknown: 'help: no such command: {command}',
  command_help_arguments: 'help: too many arguments: {arguments}',
  command_confirmation_sent: 'Confirmation email sent to {member}',
  command_leave_confirmation_sent: 'Confirmation email sent to {email} to leave {listname}',
  command_already_member: '{email} is already a MemberRole.member of mailing list {listname}',
  command_join_pending: '{email} has a pending subscription for {listname}',
  command_join_bad_argument: 'join bad argument: {argument}',
  command_invalid_address: 'Invalid email address: {email}',
  command_banned: '{email} is banned from this mailing list',
  command_left: '{email} left {listname}',
  command_no_user: 'No registered user for email address: {email}',
  command_unverified: 'Invalid or unverified email address: {email}',
  command_not_member: 'leave: {email} is not a member of {listname}',
  command_members: 'Members of the {listname} mailing list:',
  command_members_hidden: 'You are not authorized to see the membership list.',
  command_bad_arguments: 'Unrecognized or invalid argument(s):',
  command_joined: '{member} joined {listname}',
  command_join_waits: '{member}: the moderators of {listname} decide about this request',
  command_leave_waits: '{email}: the moderators of {listname} decide about this request to leave',
  command_too_many_requests:
    '{email}: unanswered confirmation emails of {listname} are still open, none was sent',
  command_posting_address: 'The list cannot subscribe to itself: {email}',
  command_address_changed: 'Your address was changed',
  command_mail_again: 'Mail from the list is sent to you again',
  command_waits_for_moderator: 'Confirmed; the moderators of the list decide now',
  command_arguments: 'Arguments: {arguments}',
  command_bad_password: 'You did not give the correct password',
  command_wrong_password: 'You gave the wrong password',
  command_try_without_password: 'Without a password, this is confirmed by answering an email.',
  command_digest_specifier: 'Bad digest specifier: {argument}',
  command_digests_only: 'This list only supports digest subscriptions!',
  command_no_digests: 'This list does not support digest subscriptions!',
  command_password_not_kept:
    'The password that you gave was not stored, and none is needed: requests by email are confirmed by answering an email.',
  command_you_are_no_member: 'You are not a member of the {display_name} mailing list',
  command_bad_set: 'Bad set command: {argument}',
  command_bad_argument: 'Bad argument: {argument}',
  command_usage: 'Usage:',
  command_options: 'Your current option settings:',
  command_options_sent_to_member: 'If {email} is a member, the settings were sent to that address',
  command_option_set: '{option} option set',
  command_delivery_enabled: 'delivery enabled',
  command_delivery_disabled: 'delivery disabled by user',
  command_delivery_off_by_you: 'delivery off (by you on {date})',
  command_delivery_off_by_owner: 'delivery off (by the list administrator on {date})',
  command_delivery_off_by_bounces: 'delivery off (because of bounces on {date})',
  command_delivery_off_by_unknown: 'delivery off (for unknown reasons on {date})',
  command_options_confirmation_sent:
    'Not authenticated; a confirmation email was sent to {email} for: {options}',
  command_options_changed: 'Your options were changed',
  command_password_changed: 'Password successfully changed.',
  command_password_apart:
    'Mailman 2, which still has this list in charge, keeps the old password until the list has moved.',
  command_password_wrong: 'You did not give the correct old password, so your password has not been changed.',
  command_password_not_sent:
    'Passwords are not sent by email. None is needed either: commands without a password are confirmed by answering an email.',
  info_name: 'List name:    {value}',
  info_description: 'Description:  {value}',
  info_post: 'Postings to:  {value}',
  info_request: 'List Helpbot: {value}',
  info_owner: 'List Owners:  {value}',
  info_web: 'More information: {value}',
  lists_heading: 'Public mailing lists at {host}:',
  lists_name: '{number}. List name:   {value}',
  lists_description: 'Description: {value}',
  lists_request: 'Requests to: {value}',
  help_join_old:
    'As in Mailman 2.1, a password (which is not stored) and then digest or nodigest may stand before address=.',
  help_leave_old:
    'With the password of your membership you leave at once; without one you may have to confirm this by answering a mail.',
  help_who_old:
    'A password of the list, or that of a member (by address= where you write from elsewhere), shows the list to whom it is hidden otherwise.',
  help_info: 'Get the purpose and the addresses of the list.',
  help_lists: 'Get the public mailing lists of this server.',
  help_password: 'Change your password.',
  help_password_more:
    'Name the address of your membership by address= where you write from elsewhere. Passwords are never sent by mail.',
  help_set: 'See or change your options: "set help" explains them.',
  help_set_help: 'Get this explanation.',
  help_set_show: 'Get your settings. They are sent to the address of the membership only.',
  help_set_authenticate:
    'Put this first, and what follows in the same mail is done at once. Without it, you confirm the changes by answering a mail.',
  help_set_ack: 'Whether you get a receipt for each post that you send.',
  help_set_digest: 'Whether posts come one by one (off), or together in a digest of one of the two kinds.',
  help_set_delivery:
    'Whether you get mail of the list at all; "off" is for the time of a holiday, say. You stay a member.',
  help_set_myposts: 'Whether you get your own posts, too.',
  help_set_hide: 'Whether you are left out of the list of members that others see.',
  help_set_duplicates: 'Whether a post that is addressed to you directly comes by way of the list as well.',
  help_set_reminders:
    'Whether you want monthly reminders of your password. This server sends none; the choice is kept.',
  subject_confirm_options:
    'Your confirmation is needed to change your options on the {listname} mailing list.',
  confirm_options:
    'Somebody asked by email for these changes to your membership of the {listname} mailing list. If that was you, reply to this mail and keep its Subject as it is, or write to {request_email} with the last of the lines below alone:',
  confirm_options_else:
    'If you know nothing of this, do nothing: everything stays as it was. Questions go to {owner_email}.',
  results_quoted: 'What was read of your mail is attached, without passwords.',

  help_confirm: 'Confirm a request, such as to join or to leave the list.',
  help_confirm_more:
    'The token is the long word in the mail that asked you to confirm. A reply to that mail does the same.',
  help_echo: 'Get back what you sent, to see that the list server hears you.',
  help_end: 'End the commands; what follows, such as a signature, is not read.',
  help_help: 'Get this overview, or learn more about one command.',
  help_join: 'Join the list.',
  help_join_more:
    'digest=no brings each post as a mail of its own, digest=mime and digest=plain bring collections of posts. With address= the mail goes to that address, which must confirm it; without, to the one that you write from.',
  help_leave: 'Leave the list.',
  help_leave_more: 'You may have to confirm this by answering a mail.',
  help_who: 'Get the members of the list, if it lets you see them.',
  help_who_more:
    'delivery=enabled or delivery=disabled picks members by whether they get mail now, mode=digest or mode=regular by how they get it.',

  subject_confirm_change:
    'Your confirmation is needed to change your address on the {listname} mailing list.',
  confirm_change:
    'Somebody asked to have the mail of the {listname} mailing list sent to {new_address} instead of {old_address}. If that was you, reply to this mail and keep its Subject as it is, or write to {request_email} with this line alone:',
  confirm_change_everywhere:
    'Somebody asked to use {new_address} instead of {old_address} for the {listname} mailing list and all other lists of this server. If that was you, reply to this mail and keep its Subject as it is, or write to {request_email} with this line alone:',
  confirm_by_web: 'Or open this page and press its button:',
  confirm_change_else:
    'If you know nothing of this, do nothing: the address stays as it was. Questions go to {owner_email}.',

  waiting_joining: 'Held Subscriptions:',
  waiting_leaving: 'Held Unsubscriptions:',
  waiting_posts: 'Held Messages:',
  waiting_user: 'User: {email}',
  waiting_sender: 'Sender: {sender}',
  waiting_subject: 'Subject: {subject}',
  waiting_reason: 'Reason: {reason}',
  waiting_more: '... {count} more',

  reason_dmarc: 'DMARC moderation',
  reason_no_senders: 'The message has no valid senders',
  reason_emergency: 'Emergency moderation is in effect for this list',
  reason_loop: 'Message has already been posted to this list',
  reason_banned: 'Message sender {sender} is banned from this list',
  reason_member: 'The message comes from a moderated member',
  reason_nonmember: 'The message is not from a list member',
  reason_nonmember_accept_list: 'The sender is in the nonmember accept list',
  reason_nonmember_hold_list: 'The sender is in the nonmember hold list',
  reason_nonmember_reject_list: 'The sender is in the nonmember reject list',
  reason_nonmember_discard_list: 'The sender is in the nonmember discard list',
  reason_administrivia: 'Message contains administrivia',
  reason_implicit_destination: 'Message has implicit destination',
  reason_max_recipients: 'Message has more than {count} recipients',
  reason_max_size: 'The message is larger than the {size} KB maximum size',
  reason_news_moderation: 'Post to a moderated newsgroup gateway',
  reason_no_subject: 'Message has no subject',
  reason_digest_subject: 'Message has a digest subject',
  reason_digest_boilerplate: 'Message quotes digest boilerplate',
  reason_suspicious_header: 'Header "{value}" matched a bounce_matching_header line',
  reason_header_match: 'Header "{value}" matched a header rule',
  reason_type_disallowed: "The message's content type was explicitly disallowed",
  reason_type_not_allowed: "The message's content type was not explicitly allowed",
  reason_extension_disallowed: "The message's file extension was explicitly disallowed",
  reason_extension_not_allowed: "The message's file extension was not explicitly allowed",
  reason_empty_after_filtering: 'After content filtering, the message was empty',
  reason_unreadable_structure: 'The structure of the message could not be read',
  reason_urgent: 'The header Urgent of the message does not hold a password of the list',

  refused_no_reason: '[No reason given]',
  refused_post: 'Posting of your message titled "{subject}"',
  refused_join: 'Subscription request',
  refused_leave: 'Unsubscription request',
  reason_dmarc_rejection:
    'Your message was not sent on, because the domain of your address asks other mail servers to refuse mail that reaches them by way of a mailing list (a DMARC policy of reject or quarantine). If you think that this is a mistake, please write to the owner of the list at {owner_email}.',
  discarded_notice:
    'The attached message to the {display_name} mailing list was discarded, because its sender is no member. You see it because the list is set to show you such messages.',
  filtered_notice:
    'The attached message came to the {display_name} mailing list, and its content filter kept it from being sent on. It is passed to you as the only copy.',
  held_reply_instructions:
    'To decide about the held message, reply to this one and keep its Subject as it is. A plain reply discards the held message without a word to anybody. To have it sent to the list, put a line "Approved:" with the moderator password of the list into the header of your reply, or make it the first line of its text.',
} as const;

export type MessageKey = keyof typeof en;

/** All texts in another language; one that is missing is a type error. */
export type Translation = Readonly<Record<MessageKey, string>>;

/** The names in `{…}` of a text. */
type NamesIn<T extends string> = T extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;

/** What a text needs to be complete. */
export type MessageValues<K extends MessageKey> = Readonly<Record<NamesIn<(typeof en)[K]>, string | number>>;
