import { findAutoresponse, putAutoresponse } from '../../database/autoresponses.ts';
import type { AutoresponseKind } from '../../model/autoresponse.ts';
import { addressKey } from '../../model/email-address.ts';
import type { MailingList } from '../../model/mailing-list.ts';
import { laterBy } from '../../model/time.ts';
import { mayBeAnswered, mayHearOfPost } from '../../moderation/may-be-answered.ts';
import { senderRecipient } from '../../moderation/sender-recipient.ts';
import type { MessageMetadata } from '../../queue/queues.ts';
import type { Step } from '../../queue/step.ts';
import { sendNotice } from '../../templates/notice-sending.ts';
import { autoresponse } from '../../templates/notices/posts.ts';
import { DiscardPost, type Handler, type Post } from '../post.ts';
import { sendersOf } from '../senders.ts';

export const replybot: Handler = {
  name: 'replybot',
  description: 'Answers mail to the list, its owners or its -request address automatically.',
  process: async (post, step) => {
    const { list, metadata } = post;
    const answer = answerFor(list, metadata);
    if (answer.action === 'none') return;
    await answerOnce(post, step, answer);
    if (answer.action === 'respond_and_discard') throw new DiscardPost(['Answered automatically']);
  },
};

/** Whether the list answers mail of this kind and does nothing else with it. */
export function answersOnly({ list, metadata }: Post): boolean {
  return answerFor(list, metadata).action === 'respond_and_discard';
}

interface Answer {
  readonly kind: AutoresponseKind;
  readonly action: MailingList['settings']['autorespond_postings'];
  readonly text: string;
}

function answerFor({ settings }: MailingList, metadata: MessageMetadata): Answer {
  if (metadata.to_owner)
    return { kind: 'owner', action: settings.autorespond_owner, text: settings.autoresponse_owner_text };
  if (metadata.to_request)
    return {
      kind: 'requests',
      action: settings.autorespond_requests,
      text: settings.autoresponse_request_text,
    };
  // -join, -leave and -confirm are answered in their own ways.
  const action = metadata.to_list ? settings.autorespond_postings : 'none';
  return { kind: 'postings', action, text: settings.autoresponse_postings_text };
}

/** One answer for each address and kind in the time that the list sets; `X-Ack: yes` asks for another. */
async function answerOnce({ list, message, metadata }: Post, step: Step, answer: Answer): Promise<void> {
  const { config, connection, clock } = step;
  const [sender] = sendersOf(message, metadata, config.mailman.sender_headers);
  const isAsked = message.headers.get('X-Ack')?.toLowerCase() === 'yes';
  if (!sender || !mayHearOfPost(list, message, sender.address)) return;
  if (metadata.noack || metadata.envelope_sender === '' || !mayBeAnswered(message)) return;
  const now = clock.now();
  const email = addressKey(sender.address);
  const known = await findAutoresponse(connection, list.listId, answer.kind, email);
  if (!isAsked && known?.quietUntil && known.quietUntil > now) return;
  const { autoresponse_grace_period } = list.settings;
  if (autoresponse_grace_period > 0) {
    await putAutoresponse(connection, list.listId, {
      kind: answer.kind,
      email,
      quietUntil: laterBy(now, autoresponse_grace_period),
      day: null,
      count: 0,
    });
  }
  const to = senderRecipient(sender, metadata);
  await sendNotice(step, autoresponse(list, { to, text: answer.text }));
}
