import { holdPost } from '../hold-post.ts';
import { senderOf } from '../senders.ts';
import type { TerminalChain } from './chain.ts';
import { markRules } from './rule-headers.ts';

export const hold: TerminalChain = {
  name: 'hold',
  description: 'Keeps the post for the moderators.',
  end: async (post, step) => {
    markRules(post);
    const { list, message, metadata } = post;
    const sender = senderOf(message, metadata, step.config.mailman.sender_headers);
    await holdPost(post, step, sender);
    const reasons = (metadata.moderation_reasons ?? []).join('; ') || 'n/a';
    const id = message.headers.get('Message-ID') ?? 'n/a';
    step.log(
      'vette',
      `HOLD: ${list.listName}@${list.mailHost} post from ${sender} held, message-id=${id}: ${reasons}`,
    );
  },
};
