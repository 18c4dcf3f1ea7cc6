import type { Config } from '../config/index.ts';
import type { Say } from '../language/index.ts';
import type { Message } from '../message/message.ts';
import type { Mailbox } from '../model/email-address.ts';
import type { MailingList } from '../model/mailing-list.ts';
import type { PlaceholderOf, TemplateName } from './names.ts';
import type { Variables } from './placeholders.ts';

/** Whom a notice is for. */
export type Audience =
  /** One person, who may prefer a language. */
  | { readonly kind: 'user'; readonly to: Mailbox; readonly language?: string }
  /** The list's -owner address, through the MTA and back in, as Mailman does it with what waits for a decision. */
  | { readonly kind: 'owner-address' }
  /** As before in `To`, but delivered straight to owners and moderators; where there are none, to the site's owner. */
  | { readonly kind: 'owners' }
  | { readonly kind: 'site-owner' };

/** What a notice says, in the language of its reader. */
export interface NoticeContent {
  readonly from: Mailbox;
  /** One line of text; whatever is in it, it stays one. */
  readonly subject: string;
  readonly body: NoticeBody;
  /** Attached as message/rfc822, byte for byte. */
  readonly attachments?: readonly Message[];
  /** Further header fields, in ASCII. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** Whether it says `Precedence: bulk`; confirmations and probes do not. Default yes. */
  readonly bulk?: boolean;
  /** RFC 5321 envelope sender; default the list's -bounces address. */
  readonly envelopeSender?: string;
}

/** A template to fill, or a text that is ready. */
export type NoticeBody =
  | { readonly template: TemplateName; readonly variables: Variables }
  | { readonly text: string };

/** What the content of a notice may depend on. */
export interface NoticeContext {
  readonly say: Say;
  readonly config: Config;
  /** Writes a message to be attached. */
  readonly write: (message: InnerMessage) => Message;
}

/** A message that a notice brings along for an answer to it. */
export interface InnerMessage {
  readonly from: Mailbox;
  readonly subject: string;
  readonly text: string;
}

/**
 * A mail that the list server writes by itself (mail-flow.md section 7). The functions in notices/ make one for each
 * event; `sendNotice` sends it.
 */
export interface Notice {
  readonly list: MailingList;
  readonly audience: Audience;
  readonly content: (context: NoticeContext) => NoticeContent;
}

/** A template with a value for each of its own placeholders; the list's general ones come by themselves. */
export function fromTemplate<N extends TemplateName>(
  template: N,
  variables: Readonly<Record<Exclude<PlaceholderOf<N>, 'language'>, string>>,
): NoticeBody {
  return { template, variables };
}
