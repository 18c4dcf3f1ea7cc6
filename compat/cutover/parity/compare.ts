import type { Mailman2Post } from '../../../src/database/mailman2-posts.ts';
import type { ShadowPost } from '../../../src/database/shadow-posts.ts';
import { Message } from '../../../src/message/message.ts';
import type { MailingList } from '../../../src/model/mailing-list.ts';
import type { UtcTime } from '../../../src/model/time.ts';
import type { Aspect } from './aspects.ts';
import { comparableHeaders, comparableSubject, comparableText } from './content.ts';
import { type DifferenceContext, FAILED, improvements } from './improvements.ts';

/** Something that both have done otherwise. */
export interface Difference {
  readonly aspect: Aspect;
  /** For `headers`: which. */
  readonly header: string | null;
  readonly mailman2: string;
  readonly here: string;
  /** Where it is meant: the words of docs/differences.md. */
  readonly improvement: string | null;
}

/** A post, and how both sides agree about it. */
export interface ComparedPost {
  readonly message_id: string;
  readonly received_at: UtcTime;
  readonly sender: string;
  readonly subject: string;
  readonly decision: { readonly mailman2: string | null; readonly here: string };
  /** What a moderator of Mailman 2 did with it. */
  readonly moderator: string | null;
  /** `unknown`: Mailman 2 has left no trace of it (yet). */
  readonly state: 'equal' | 'improved' | 'different' | 'unknown';
  readonly compared: readonly Aspect[];
  readonly differences: readonly Difference[];
}

/** Where else Mailman 2 has a post of which its logs do not tell. */
export type Whereabouts = 'held' | 'shunted' | undefined;

/** Compares both sides of a post, as far as they are known. */
export function comparePost(
  list: MailingList,
  shadow: ShadowPost,
  post: Pick<Mailman2Post, 'outcome' | 'copy'> | undefined,
  whereabouts: Whereabouts,
): ComparedPost {
  const theirs = theirDecision(shadow, post, whereabouts);
  const ourMail = Message.parse(shadow.content);
  const theirMail = post?.copy ? Message.parse(post.copy) : undefined;
  const compared: Aspect[] = [];
  const differences: Difference[] = [];
  const check = (aspect: Aspect, mailman2: string, here: string, header?: string): void => {
    if (!compared.includes(aspect)) compared.push(aspect);
    if (mailman2 === here) return;
    const context = { aspect, header, mailman2, here, list, shadow, ourMail, theirMail };
    differences.push({ aspect, header: header ?? null, mailman2, here, improvement: reasonOf(context) });
  };
  if (theirs !== null) check('decision', theirs, shadow.decision);
  const isOut = shadow.decision === 'accept' || shadow.mailman2?.followed === true;
  if (isOut && typeof post?.outcome.recipients === 'number') {
    const { recipients, delivered } = shadow.outcome;
    check('recipients', String(post.outcome.recipients), String(recipients.length - delivered.length));
  }
  if (isOut && theirMail) compareContents(shadow, ourMail, theirMail, check);
  return {
    ...{ message_id: shadow.messageId, received_at: shadow.receivedAt },
    ...{ sender: shadow.outcome.sender, subject: shadow.outcome.subject },
    decision: { mailman2: theirs, here: shadow.decision },
    moderator: post?.outcome.moderator ?? null,
    state: theirs === null ? 'unknown' : stateOf(differences),
    ...{ compared, differences },
  };
}

/** Null where there is no trace of it. */
function theirDecision(
  { decision, outcome }: ShadowPost,
  post: Pick<Mailman2Post, 'outcome'> | undefined,
  whereabouts: Whereabouts,
): string | null {
  if (post?.outcome.decision) return post.outcome.decision;
  if (whereabouts === 'shunted') return FAILED;
  if (whereabouts === 'held') return 'hold';
  // A post that goes to nobody is not logged; nor is one held in an emergency.
  const left = outcome.recipients.length - outcome.delivered.length;
  if (decision === 'accept' && left === 0) return 'accept';
  if (decision === 'hold' && outcome.reasons.some((reason) => /^Emergency/i.test(reason))) return 'hold';
  return null;
}

function compareContents(
  { outcome }: ShadowPost,
  ourMail: Message,
  theirMail: Message,
  check: (aspect: Aspect, mailman2: string, here: string, header?: string) => void,
): void {
  check('subject', comparableSubject(theirMail), comparableSubject(ourMail));
  const ours = comparableHeaders(ourMail);
  for (const [name, value] of comparableHeaders(theirMail)) {
    // Written for each reader when it is delivered.
    if (name === 'To' && outcome.is_personal) continue;
    check('headers', value, ours.get(name) ?? '', name);
  }
  if (!outcome.is_personal) check('text', comparableText(theirMail), comparableText(ourMail));
}

function reasonOf(context: DifferenceContext): string | null {
  const found = improvements.find((one) => one.aspect === context.aspect && one.explains(context));
  return found?.documented ?? null;
}

function stateOf(differences: readonly Difference[]): ComparedPost['state'] {
  if (differences.length === 0) return 'equal';
  return differences.every(({ improvement }) => improvement !== null) ? 'improved' : 'different';
}
