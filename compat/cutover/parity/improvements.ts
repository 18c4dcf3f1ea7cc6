import type { ShadowPost } from '../../../src/database/shadow-posts.ts';
import type { Message } from '../../../src/message/message.ts';
import type { Part } from '../../../src/message/part.ts';
import { walk } from '../../../src/message/text.ts';
import type { MailingList } from '../../../src/model/mailing-list.ts';
import type { Aspect } from './aspects.ts';

/** What a difference is judged by. */
export interface DifferenceContext {
  readonly aspect: Aspect;
  /** Of a header. */
  readonly header: string | undefined;
  readonly mailman2: string;
  readonly here: string;
  readonly list: MailingList;
  readonly shadow: ShadowPost;
  /** The mail as it would have left here, or as it came. */
  readonly ourMail: Message;
  /** As Mailman 2 has sent it, where that is known. */
  readonly theirMail: Message | undefined;
}

/** A difference that is meant. */
export interface Improvement {
  readonly aspect: Aspect;
  /** Words with which docs/differences.md says it. */
  readonly documented: string;
  readonly explains: (context: DifferenceContext) => boolean;
}

/** All of them; the first that explains a difference is its reason. */
export const improvements: readonly Improvement[] = [
  {
    aspect: 'decision',
    documented: 'a multipart without a boundary is shunted',
    explains: ({ mailman2, here, ourMail }) =>
      mailman2 === FAILED && here === 'accept' && [...walk(ourMail)].some(isWithoutBoundary),
  },
  {
    aspect: 'decision',
    documented: 'a private pipeline that names an unknown handler',
    explains: ({ mailman2, here, list }) =>
      mailman2 === FAILED && here === 'accept' && 'pipeline' in list.legacySettings,
  },
  {
    aspect: 'decision',
    documented: 'header filters see encoded words without the blanks around them',
    explains: ({ here, shadow, ourMail }) =>
      here !== 'accept' &&
      shadow.outcome.reasons.some((reason) => /header/i.test(reason)) &&
      ourMail.headers.fields.some(({ raw }) => /=\?[^?\s]+\?[bq]\?/i.test(raw)),
  },
  {
    aspect: 'recipients',
    documented: 'it is one mailbox',
    explains: ({ mailman2, here, list }) =>
      Number(mailman2) > Number(here) &&
      list.settings.regular_exclude_lists.length + list.settings.regular_include_lists.length > 0,
  },
  {
    aspect: 'subject',
    documented: 'unencoded 8-bit subjects are sent as `=?unknown-8bit?…?=` (2.1: get no prefix)',
    explains: ({ theirMail }) => /[\x80-\xff]|unknown-8bit/.test(theirMail?.headers.get('Subject') ?? ''),
  },
  {
    aspect: 'subject',
    documented: 'in any case, with or without blanks',
    explains: ({ mailman2, here, list }) => {
      const rest = withoutPrefix(mailman2, list);
      // A prefix that is missing there is no matter of how it is found.
      return rest === withoutPrefix(here, list) && rest !== squeezed(mailman2);
    },
  },
  {
    aspect: 'subject',
    documented: 'a subject in two charsets loses characters',
    explains: ({ mailman2, here }) => mailman2.includes('?') && hasLost(mailman2, here),
  },
  {
    aspect: 'headers',
    documented: '`List-Post: NO`',
    explains: ({ header, mailman2, here }) => header === 'List-Post' && mailman2 === '' && here === 'NO',
  },
  {
    aspect: 'headers',
    documented: 'the author is added to a `Reply-To`',
    explains: ({ header, mailman2, here, shadow }) =>
      (header === 'Reply-To' && mailboxes(here).isSupersetOf(mailboxes(mailman2))) ||
      (header === 'Cc' && onlyAuthorMore(mailman2, here, shadow.outcome.sender)),
  },
  {
    aspect: 'headers',
    documented: 'a wrapped post has no `Cc`',
    explains: ({ header, mailman2, theirMail }) =>
      header === 'Cc' &&
      mailman2 === '' &&
      theirMail !== undefined &&
      [...walk(theirMail)].some((part) => part.contentType.type === 'message'),
  },
  {
    aspect: 'text',
    documented: 'attachments are replaced by notes; archive and digest keep them',
    explains: ({ mailman2, here }) =>
      mailman2.includes(SCRUBBED) && mailman2.split(SCRUBBED)[0] === here.split(SCRUBBED)[0],
  },
  {
    aspect: 'text',
    documented: 'none is dropped',
    explains: ({ mailman2, here }) => hasLost(mailman2, here),
  },
];

/** What stands for a decision where Mailman 2 broke: the post lies in its queue `shunt`. */
export const FAILED = 'failed';

/** What stands in the place of an attachment. */
const SCRUBBED = 'attachment was scrubbed';

function isWithoutBoundary({ headers }: Part): boolean {
  const contentType = headers.get('Content-Type') ?? '';
  return /^\s*multipart\//i.test(contentType) && !/boundary\s*=/i.test(contentType);
}

/** The number that a prefix may have counts as part of it. */
function withoutPrefix(subject: string, { settings }: MailingList): string {
  const [before = '', after] = squeezed(settings.subject_prefix).split(/%\d*d/);
  if (before === '') return squeezed(subject);
  if (after === undefined) return squeezed(subject).replaceAll(before, '');
  const [first = '', ...rest] = squeezed(subject).split(before);
  return first + rest.map((part) => part.replace(/^\d+/, '').slice(after.length)).join('');
}

function squeezed(text: string): string {
  return text.toLowerCase().replace(/\s+/g, '');
}

/** Whether characters are missing in one text that ASCII lacks, and nothing else is different. */
function hasLost(text: string, whole: string): boolean {
  const foreign = ({ length }: string, ascii: string): number => length - ascii.length;
  const [left, right] = [inAscii(text), inAscii(whole)];
  return (
    left === right &&
    foreign(squeezed(text).replaceAll('?', ''), left) < foreign(squeezed(whole).replaceAll('?', ''), right)
  );
}

/** What is left where each character that ASCII lacks was dropped or became a question mark. */
function inAscii(text: string): string {
  return text.replace(/[^\x21-\x7e]|\?/g, '');
}

function onlyAuthorMore(mailman2: string, here: string, author: string): boolean {
  const more = [...mailboxes(mailman2).difference(mailboxes(here))];
  return (
    mailboxes(mailman2).isSupersetOf(mailboxes(here)) &&
    more.length === 1 &&
    more[0]?.endsWith(`<${author}>`) === true
  );
}

function mailboxes(header: string): Set<string> {
  return new Set(header.split(', ').filter((one) => one !== ''));
}
