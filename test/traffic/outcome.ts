import type { Message } from '../../src/message/message.ts';

/** A mail that left, and whom it was for, those included who were refused. */
export interface SentMail {
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly message: Message;
}

/** What became of a mail that came in, in the words of the recording; `refused` is that of the LMTP server. */
export type Decision =
  | 'accepted'
  | 'bounce forwarded'
  | 'bounce ignored'
  | 'bounce not recognised'
  | 'bounce registered'
  | 'command processed'
  | 'discarded'
  | 'forwarded to owners'
  | 'held'
  | 'moderator action'
  | 'refused'
  | 'rejected'
  | 'scheduled job'
  | 'shunted';

/** What one case led to, in the same form for Mailman 2.1 and for Ferryman. */
export interface Outcome {
  readonly decision: Decision;
  /** As each of them puts it. */
  readonly reason: string;
  /** Mail from outside that went on to members or owners. */
  readonly posts: readonly SentMail[];
  readonly digests: readonly SentMail[];
  /** Mail that the list server wrote itself. */
  readonly notices: readonly SentMail[];
  /** Everybody whom `posts` were for, once for each copy, in lower case, sorted. */
  readonly recipients: readonly string[];
  /** What changed of members and requests: `joined anna@example.com regular`, sorted. */
  readonly members: readonly string[];
  /** What changed of bounce scores: `score anna@example.com 2`, sorted. */
  readonly bounces: readonly string[];
  /** What was counted: `plain post 1`, `plain digest sent`, sorted. */
  readonly counters: readonly string[];
}

/** Sorted, each once. */
export function sortedSet(values: Iterable<string>): string[] {
  return [...new Set(values)].sort();
}

/** The recipients of mails, in lower case, as often as they are recipients. */
export function recipientsOf(mails: readonly SentMail[]): string[] {
  return mails.flatMap(({ recipients }) => recipients.map((address) => address.toLowerCase()));
}

/** Digests are sent in the name of the -request address to the list itself; nothing else is. */
export function isDigest({ headers }: Message): boolean {
  return (
    /-request@/.test(headers.get('From') ?? '') &&
    /^[^\s<]*@\S+$/.test(headers.get('To') ?? '') &&
    !/-(?:request|owner)@|confirm|\(Digest mode\)$/.test(`${headers.get('To')} ${headers.get('Subject')}`)
  );
}

/**
 * The options of Mailman 2.1 that are compared: notmetoo 2, ack 4, hide 16, nmtopics 64, mod 128, nodupes 256. Digest
 * modes are compared as such; password reminders have no counterpart.
 */
export const OPTION_BITS = 2 | 4 | 16 | 64 | 128 | 256;
