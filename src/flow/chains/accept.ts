import type { TerminalChain } from './chain.ts';
import { markRules } from './rule-headers.ts';

export const accept: TerminalChain = {
  name: 'accept',
  description: 'Passes the post on to the pipeline of the list.',
  end: async (post, { enqueue, log }) => {
    markRules(post);
    log('vette', `ACCEPT: ${post.message.headers.get('Message-ID') ?? 'n/a'}`);
    await enqueue('pipeline', post.message.toBuffer(), post.metadata);
  },
};
