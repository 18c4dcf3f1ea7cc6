import { findCutover } from '../../src/database/cutover.ts';
import { insertShadowPost } from '../../src/database/shadow-posts.ts';
import { Message } from '../../src/message/message.ts';
import type { QueueEntry } from '../../src/queue/entry.ts';
import type { Step } from '../../src/queue/step.ts';
import { noteFollowed } from './follow-acceptance.ts';
import { rehearse, rehearseAccepted } from './rehearse.ts';

/**
 * A post that Mailman 2 delivers: what this server would have done is recorded, and the post archived where it would have
 * been. Nothing is sent.
 */
export async function observePost(entry: QueueEntry, step: Step): Promise<void> {
  const cutover = await findCutover(step.connection, entry.metadata.listid ?? '');
  if (cutover?.stage === 'alongside') {
    // It was long on its way, and Mailman 2 may have handed members over before it got it.
    await step.enqueue('in', entry.message, { ...entry.metadata, stage: 'alongside' });
    return;
  }
  const { decision, outcome, enqueued } = await rehearse(entry, step);
  const post = enqueued.find(({ queue }) => queue === 'out');
  await insertShadowPost(step.connection, {
    listId: entry.metadata.listid ?? '',
    messageId: Message.parse(entry.message).headers.get('Message-ID') ?? '',
    stage: 'observe',
    receivedAt: step.clock.now(),
    decision,
    outcome: { ...outcome, delivered: [], ...(post ? {} : { metadata: entry.metadata }) },
    content: post?.message ?? entry.message,
  });
  for (const { queue, message, metadata } of enqueued) {
    if (queue === 'archive') await step.enqueue(queue, message, metadata);
  }
}

/** A post that Mailman 2 has accepted, and this server would not have: what it would have sent then is recorded. */
export async function observeAccepted(entry: QueueEntry, step: Step): Promise<void> {
  const { outcome, enqueued } = await rehearseAccepted(entry, step);
  const post = enqueued.find(({ queue }) => queue === 'out');
  await noteFollowed(entry.metadata.shadow_id ?? '', { ...outcome, delivered: [] }, post?.message, step);
  for (const { queue, message, metadata } of enqueued) {
    if (queue === 'archive') await step.enqueue(queue, message, metadata);
  }
}
