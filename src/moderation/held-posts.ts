import {
  deleteHeldMessage,
  findHeldMessage,
  type HeldMessage,
  heldRequestIdsBefore,
} from '../database/held-messages.ts';
import { leaveToMailman2 } from '../membership/mailman2-in-charge.ts';
import { formatDate } from '../message/compose.ts';
import { Message } from '../message/message.ts';
import type { Mailbox } from '../model/email-address.ts';
import type { MailingList } from '../model/mailing-list.ts';
import { earlierBy, SECONDS_PER_DAY } from '../model/time.ts';
import type { Step } from '../queue/step.ts';
import { sendNotice } from '../templates/notice-sending.ts';
import { forwardedPost, requestRefused } from '../templates/notices/posts.ts';
import { mayHearOfPost } from './may-be-answered.ts';
import { senderRecipient } from './sender-recipient.ts';

/** What a moderator does with a held post. */
export type Decision =
  | { readonly kind: 'accept' }
  | { readonly kind: 'reject'; readonly reason: string }
  | { readonly kind: 'discard' }
  | { readonly kind: 'defer' };

/**
 * Carries out a moderator's decision about a held post.
 * @param options forward: who gets a copy besides; preserve: the site's administrator gets one, in the queue `bad`
 * @returns whether there was such a post
 * @throws Mailman2InChargeError
 */
export async function decideHeldPost(
  step: Step,
  list: MailingList,
  requestId: number,
  decision: Decision,
  options: { readonly forward?: readonly Mailbox[]; readonly preserve?: boolean } = {},
): Promise<boolean> {
  const held = await findHeldMessage(step.connection, list.listId, requestId);
  if (!held) return false;
  // It is only a copy of one there, which would be decided about again.
  if (decision.kind !== 'defer')
    await leaveToMailman2(step.connection, list, 'held posts; decide about them there');
  // First, so that of two who decide at the same moment one waits for the other, and finds nothing.
  if (decision.kind !== 'defer' && !(await deleteHeldMessage(step.connection, requestId))) return false;
  for (const to of options.forward ?? []) {
    await sendNotice(step, forwardedPost(list, { to, original: Message.parse(held.content) }));
  }
  if (options.preserve) await step.enqueue('bad', held.content, { listid: list.listId });
  switch (decision.kind) {
    case 'accept':
      await acceptPost(step, list, held);
      break;
    case 'reject':
      await refusePost(step, list, held, decision.reason);
      break;
    case 'discard':
      logDecision(step, list, held, 'Discarded posting', '');
      break;
    case 'defer':
      break;
  }
  return true;
}

/** Discards what has been held for longer than the list's max_days_to_hold. @returns how many */
export async function discardExpiredPosts(step: Step, list: MailingList): Promise<number> {
  const days = list.settings.max_days_to_hold;
  if (days === 0) return 0;
  const expired = await heldRequestIdsBefore(
    step.connection,
    list.listId,
    earlierBy(step.clock.now(), days * SECONDS_PER_DAY),
  );
  for (const requestId of expired) await decideHeldPost(step, list, requestId, { kind: 'discard' });
  return expired.length;
}

/** The chains are not run again: the post goes on at the pipeline. */
async function acceptPost(step: Step, list: MailingList, held: HeldMessage): Promise<void> {
  const message = Message.parse(held.content);
  message.headers.append('X-Mailman-Approved-At', formatDate(step.clock.now()));
  step.log('vette', `${list.listName}: held message approved, message-id: ${held.messageId || 'n/a'}`);
  await step.enqueue('pipeline', message.toBuffer(), {
    ...held.metadata,
    listid: list.listId,
    approved: true,
    moderator_approved: true,
  });
}

async function refusePost(step: Step, list: MailingList, held: HeldMessage, reason: string): Promise<void> {
  logDecision(step, list, held, 'Refused posting', reason);
  if (!mayHearOfPost(list, Message.parse(held.content), held.sender)) return;
  const to = senderRecipient({ address: held.sender, displayName: '' }, held.metadata);
  await sendNotice(step, requestRefused(list, { to, request: { post: held.subject }, reason }));
}

function logDecision(step: Step, list: MailingList, held: HeldMessage, what: string, reason: string): void {
  const subject = held.subject.replace(/\s+/g, ' ');
  step.log(
    'vette',
    `${list.listName}: ${what}:\n\tFrom: ${held.sender}\n\tSubject: ${subject}${reason ? `\n\tReason: ${reason}` : ''}`,
  );
}
