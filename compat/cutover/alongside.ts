import { handedOverAmong } from '../../src/database/handed-over.ts';
import { insertShadowPost, type ShadowOutcome } from '../../src/database/shadow-posts.ts';
import { finishPost } from '../../src/flow/pipeline-step.ts';
import { Message } from '../../src/message/message.ts';
import { addressKey } from '../../src/model/email-address.ts';
import type { QueueEntry } from '../../src/queue/entry.ts';
import { shareOutside } from '../../src/queue/outside.ts';
import type { MessageMetadata } from '../../src/queue/queues.ts';
import type { Step } from '../../src/queue/step.ts';
import { authorOf } from './author.ts';
import { noteFollowed } from './follow-acceptance.ts';
import { rehearse } from './rehearse.ts';

/**
 * A post that both have got: it goes on its way to the members that were handed over. One that would not be accepted is
 * recorded only: Mailman 2 holds and answers it, and what its moderators decide is done here too.
 */
export async function decideAlongside(entry: QueueEntry, step: Step): Promise<void> {
  const { decision, outcome, accepted } = await rehearse(entry, step);
  if (accepted) {
    await step.enqueue('pipeline', accepted.message, accepted.metadata);
    return;
  }
  await insertShadowPost(step.connection, {
    listId: entry.metadata.listid ?? '',
    messageId: messageIdOf(entry.message),
    stage: 'alongside',
    receivedAt: step.clock.now(),
    decision,
    outcome: { ...outcome, delivered: [], metadata: entry.metadata },
    content: entry.message,
  });
}

/** An accepted post in the pipeline: of all its recipients those get it that were handed over. */
export async function finishAlongside(entry: QueueEntry, step: Step): Promise<void> {
  const listId = entry.metadata.listid ?? '';
  const recipients: string[] = [];
  const delivered: string[] = [];
  let sent: Buffer | undefined;
  let isPersonal = false;
  const limited: Step = {
    ...step,
    enqueue: async (queue, message, metadata) => {
      // Mailman 2 answers, gates to news and sends digests.
      if (queue === 'virgin' || queue === 'nntp' || queue === 'digest') return;
      if (queue !== 'out') return step.enqueue(queue, message, metadata);
      sent = Buffer.from(message);
      isPersonal ||= metadata.personalize === true;
      recipients.push(...(metadata.recipients ?? []).map(addressKey));
      const own = await handedOver(step, listId, metadata);
      delivered.push(...own.map(addressKey));
      if (own.length > 0) await step.enqueue('out', message, { ...metadata, recipients: own });
    },
  };
  shareOutside(limited, step);
  const { end, reasons } = await finishPost(entry, limited);
  const outcome: ShadowOutcome = {
    ...authorOf(entry.message, entry.metadata),
    ...{ reasons, recipients: recipients.sort(), delivered: delivered.sort(), notices: [] },
    ...(isPersonal ? { is_personal: true } : {}),
  };
  if (entry.metadata.shadow_id !== undefined)
    return noteFollowed(entry.metadata.shadow_id, outcome, sent, step);
  await insertShadowPost(step.connection, {
    listId,
    messageId: messageIdOf(entry.message),
    stage: 'alongside',
    receivedAt: step.clock.now(),
    decision: end === 'finished' ? 'accept' : end,
    outcome,
    content: sent ?? entry.message,
  });
}

async function handedOver(
  { connection }: Step,
  listId: string,
  { recipients = [] }: MessageMetadata,
): Promise<string[]> {
  const ours = await handedOverAmong(connection, listId, recipients.map(addressKey));
  return recipients.filter((address) => ours.has(addressKey(address)));
}

function messageIdOf(message: Buffer): string {
  return Message.parse(message).headers.get('Message-ID') ?? '';
}
