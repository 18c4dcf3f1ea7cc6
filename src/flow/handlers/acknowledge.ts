import { memberToAcknowledge } from '../../database/recipients.ts';
import { decodeHeader } from '../../message/encoded-words.ts';
import { sendNotice } from '../../templates/notice-sending.ts';
import { acknowledgement } from '../../templates/notices/posts.ts';
import type { Handler } from '../post.ts';
import { senderOf } from '../senders.ts';

export const acknowledge: Handler = {
  name: 'acknowledge',
  description: 'Tells a member who wants to know that the post went out.',
  process: async ({ list, message, metadata }, step) => {
    const sender =
      metadata.original_sender ?? senderOf(message, metadata, step.config.mailman.sender_headers);
    if (sender === '') return;
    const member = await memberToAcknowledge(step.connection, list.listId, sender);
    if (!member) return;
    const subject = decodeHeader(message.headers.get('Subject') ?? '');
    await sendNotice(
      step,
      acknowledgement(list, {
        to: {
          address: member.originalEmail,
          displayName: member.displayName,
          ...(member.language === null ? {} : { language: member.language }),
        },
        subject,
      }),
    );
  },
};
