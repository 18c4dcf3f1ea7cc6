import { rejectPost } from '../reject-post.ts';
import type { TerminalChain } from './chain.ts';
import { markRules } from './rule-headers.ts';

export const reject: TerminalChain = {
  name: 'reject',
  description: 'Returns the post to its sender with the reasons.',
  end: async (post, step) => {
    markRules(post);
    step.log('vette', `REJECT: ${post.message.headers.get('Message-ID') ?? 'n/a'}`);
    await rejectPost(post, step, post.metadata.moderation_reasons ?? []);
  },
};
