import { decodeHeader } from '../message/encoded-words.ts';
import { mayHearOfPost } from '../moderation/may-be-answered.ts';
import { senderRecipient } from '../moderation/sender-recipient.ts';
import type { Step } from '../queue/step.ts';
import { sendNotice } from '../templates/notice-sending.ts';
import { postRejected } from '../templates/notices/posts.ts';
import type { Post } from './post.ts';
import { senderOf } from './senders.ts';

/** Returns a post to its sender with the reasons, or the list's own words for them, where somebody may hear of it. */
export async function rejectPost(post: Post, step: Step, reasons: readonly string[]): Promise<void> {
  const { list, message, metadata } = post;
  const sender = senderOf(message, metadata, step.config.mailman.sender_headers);
  if (!mayHearOfPost(list, message, sender)) return;
  const to = senderRecipient({ address: sender, displayName: '' }, metadata);
  const subject = decodeHeader(message.headers.get('Subject') ?? '');
  const why = metadata.rejection_notice === undefined ? { reasons } : { text: metadata.rejection_notice };
  await sendNotice(step, postRejected(list, { to, subject, original: message.clone(), ...why }));
}
