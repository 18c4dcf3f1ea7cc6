import { insertHeldMessage } from '../database/held-messages.ts';
import { insertPending } from '../database/pending.ts';
import { decodeHeader } from '../message/encoded-words.ts';
import { laterBy } from '../model/time.ts';
import { newToken } from '../model/token.ts';
import { answerAllowance } from '../moderation/answer-allowance.ts';
import { mayBeAnswered, mayHearOfPost } from '../moderation/may-be-answered.ts';
import { senderRecipient } from '../moderation/sender-recipient.ts';
import type { Step } from '../queue/step.ts';
import { sendNotice } from '../templates/notice-sending.ts';
import { postHeld, postNeedsApproval } from '../templates/notices/posts.ts';
import type { Post } from './post.ts';

/**
 * Keeps a post for the moderators, and tells them and its sender (mail-flow.md 3.3, 3.5).
 * @param sender key of the first sender, '' where there is none
 */
export async function holdPost(post: Post, step: Step, sender: string): Promise<void> {
  const { list, message, metadata } = post;
  const now = step.clock.now();
  const subject = decodeHeader(message.headers.get('Subject') ?? '');
  const reasons = metadata.moderation_reasons ?? [];
  const requestId = await insertHeldMessage(step.connection, {
    listId: list.listId,
    messageId: message.headers.get('Message-ID') ?? '',
    sender,
    subject,
    reasons,
    heldAt: now,
    metadata,
    content: message.toBuffer(),
  });
  const token = newToken();
  await insertPending(step.connection, {
    token,
    listId: list.listId,
    kind: 'held_message',
    email: sender,
    data: { request_id: requestId },
    createdAt: now,
    expiresAt: laterBy(now, step.config.mailman.pending_request_life),
  });
  const details = { sender, subject, reasons };
  if (
    list.settings.respond_to_post_requests &&
    mayHearOfPost(list, message, sender) &&
    !metadata.fromusenet &&
    mayBeAnswered(message)
  ) {
    const to = senderRecipient({ address: sender, displayName: '' }, metadata);
    if (await answerAllowance(step, list, to)) await sendNotice(step, postHeld(list, { to, ...details }));
  }
  if (list.settings.admin_immed_notify) {
    await sendNotice(step, postNeedsApproval(list, { ...details, original: message.clone(), token }));
  }
}
