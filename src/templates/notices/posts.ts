import { translateReason } from '../../language/index.ts';
import type { Message } from '../../message/message.ts';
import { addressKey } from '../../model/email-address.ts';
import { type MailingList, postingAddress, subAddress } from '../../model/mailing-list.ts';
import { fromTemplate, type Notice, type NoticeBody, type NoticeContext } from '../notice.ts';
import { listSender, siteOwner } from '../senders.ts';
import { emailInUrl, expandSetting, oneLine, reasonBlock } from '../variables.ts';
import { wrap } from '../wrap.ts';
import { type Recipient, userAudience } from './subscriptions.ts';

const HOLD_WIDTH = 70;
const APPROVAL_WIDTH = 59;

/** A post as notices speak of it. */
export interface PostDetails {
  /** The sender's address. */
  readonly sender: string;
  /** The Subject as text; '' where there is none. */
  readonly subject: string;
  /** In English, as rules give them. */
  readonly reasons: readonly string[];
}

/** Tells the sender of a post that it waits for a moderator. */
export function postHeld(
  list: MailingList,
  { to, ...post }: PostDetails & { readonly to: Recipient },
): Notice {
  return {
    list,
    audience: userAudience(to),
    content: (context) => ({
      from: listSender(list, 'bounces'),
      subject: context.say('subject_post_held', { listname: postingAddress(list) }),
      body: fromTemplate('list:user:notice:hold', aboutPost(context, post, HOLD_WIDTH)),
    }),
  };
}

/**
 * Asks the moderators to decide about a post. A reply to the second attachment decides by mail (mail-flow.md 3.5).
 * @param details token: of the request, for `confirm TOKEN`
 */
export function postNeedsApproval(
  list: MailingList,
  { original, token, ...post }: PostDetails & { readonly original: Message; readonly token: string },
): Notice {
  const listname = postingAddress(list);
  return {
    list,
    audience: { kind: 'owner-address' },
    content: (context) => ({
      from: listSender(list, 'owner'),
      subject: context.say('subject_post_needs_approval', { listname, sender: oneLine(post.sender) }),
      body: fromTemplate('list:admin:action:post', aboutPost(context, post, APPROVAL_WIDTH)),
      attachments: [original, replyHere(list, token, context)],
    }),
  };
}

/** Tells somebody that no more automatic answers come today. */
export function noMoreToday(
  list: MailingList,
  { to, count }: { readonly to: Recipient; readonly count: number },
): Notice {
  const email = addressKey(to.address);
  return {
    list,
    audience: userAudience(to),
    content: ({ say }) => ({
      from: listSender(list, 'owner'),
      subject: say('subject_no_more_today'),
      body: fromTemplate('list:user:notice:no-more-today', {
        count: String(count),
        sender_email: email,
        sender: email,
        owneremail: subAddress(list, 'owner'),
      }),
    }),
  };
}

/** Why a post goes back: reasons in English, or a text that the owner or the standard wording gives for it. */
export type Rejection = { readonly reasons: readonly string[] } | { readonly text: string };

/** Returns a post to its sender (mail-flow.md 3.4). */
export function postRejected(
  list: MailingList,
  details: Rejection & { readonly to: Recipient; readonly subject: string; readonly original: Message },
): Notice {
  const body = ({ say, config }: NoticeContext): NoticeBody => {
    const circumstances = {
      siteOwner: config.mailman.site_owner,
      language: list.settings.preferred_language,
    };
    return 'text' in details
      ? { text: wrap(expandSetting(details.text, list, circumstances)) }
      : fromTemplate('list:user:notice:rejected', {
          reasons: reasonBlock(translated(details.reasons, say), HOLD_WIDTH),
          listname: list.settings.display_name,
        });
  };
  return {
    list,
    audience: userAudience(details.to),
    content: (context) => ({
      from: listSender(list, 'owner'),
      subject: oneLine(details.subject) || context.say('no_subject'),
      body: body(context),
      attachments: [details.original],
    }),
  };
}

/** What a moderator refused. */
export type RefusedRequest = { readonly post: string } | 'join' | 'leave';

/**
 * Tells somebody that a moderator refused a post or a request.
 * @param details request: a post is named by its Subject; reason: the moderator's words, perhaps ''
 */
export function requestRefused(
  list: MailingList,
  {
    to,
    request,
    reason,
  }: { readonly to: Recipient; readonly request: RefusedRequest; readonly reason: string },
): Notice {
  const { display_name } = list.settings;
  const what = ({ say }: NoticeContext): string => {
    if (request === 'join') return say('refused_join');
    if (request === 'leave') return say('refused_leave');
    return say('refused_post', { subject: oneLine(request.post) || say('no_subject') });
  };
  return {
    list,
    audience: userAudience(to),
    content: (context) => ({
      from: listSender(list, 'bounces'),
      subject: context.say('subject_request_rejected', { display_name }),
      body: fromTemplate('list:user:notice:refuse', {
        reason: reason.trim() || context.say('refused_no_reason'),
        request: what(context),
        adminaddr: subAddress(list, 'owner'),
      }),
    }),
  };
}

/** Tells a member that a post of theirs went out. */
export function acknowledgement(
  list: MailingList,
  { to, subject }: { readonly to: Recipient; readonly subject: string },
): Notice {
  const { display_name } = list.settings;
  return {
    list,
    audience: userAudience(to),
    content: ({ say }) => ({
      from: listSender(list, 'bounces'),
      subject: say('subject_acknowledgement', { display_name }),
      body: fromTemplate('list:user:notice:post', {
        subject: oneLine(subject) || say('no_subject'),
        list_name: display_name,
        user_email_in_url: emailInUrl(to.address),
      }),
    }),
  };
}

/** Answers a mail automatically. @param details text: the list's setting, with placeholders */
export function autoresponse(
  list: MailingList,
  { to, text }: { readonly to: Recipient; readonly text: string },
): Notice {
  const { display_name, preferred_language } = list.settings;
  return {
    list,
    audience: userAudience(to),
    content: ({ say, config }) => {
      const circumstances = { siteOwner: config.mailman.site_owner, language: preferred_language };
      return {
        from: listSender(list, 'bounces'),
        subject: say('subject_autoresponse', { display_name }),
        body: { text: wrap(expandSetting(text, list, circumstances)) },
        headers: [
          ['X-Mailer', 'The Mailman Replybot'],
          ['X-Ack', 'No'],
        ],
      };
    },
  };
}

/** Passes a post to the owners that content filtering kept from the list. */
export function filteredPost(list: MailingList, original: Message): Notice {
  const { display_name } = list.settings;
  return {
    list,
    audience: { kind: 'owners' },
    content: ({ say, config }) => ({
      from: siteOwner(config),
      subject: say('subject_content_filter'),
      body: { text: wrap(say('filtered_notice', { display_name })) },
      attachments: [original],
    }),
  };
}

/** Shows the owners a post of somebody who is no member, which was discarded. */
export function discardedPost(list: MailingList, original: Message): Notice {
  const { display_name } = list.settings;
  return {
    list,
    audience: { kind: 'owners' },
    content: ({ say }) => ({
      from: listSender(list, 'bounces'),
      subject: say('subject_auto_discard'),
      body: { text: wrap(say('discarded_notice', { display_name })) },
      attachments: [original],
    }),
  };
}

/** Passes a held post to somebody whom a moderator named. */
export function forwardedPost(
  list: MailingList,
  { to, original }: { readonly to: Recipient; readonly original: Message },
): Notice {
  return {
    list,
    audience: userAudience(to),
    content: ({ say }) => ({
      from: listSender(list, 'bounces'),
      subject: say('subject_forwarded'),
      body: { text: '' },
      attachments: [original],
    }),
  };
}

function aboutPost({ say }: NoticeContext, { sender, subject, reasons }: PostDetails, width: number) {
  const email = addressKey(oneLine(sender));
  return {
    subject: oneLine(subject) || say('no_subject'),
    sender_email: email,
    sender: email,
    reasons: reasonBlock(translated(reasons, say), width),
  };
}

function translated(reasons: readonly string[], say: NoticeContext['say']): readonly string[] {
  return reasons.map((reason) => translateReason(reason, say));
}

/** The message whose reply decides. */
function replyHere(list: MailingList, token: string, { say, write }: NoticeContext): Message {
  return write({
    from: listSender(list, 'request'),
    subject: `confirm ${token}`,
    text: wrap(say('held_reply_instructions')),
  });
}
