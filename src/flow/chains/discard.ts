import type { TerminalChain } from './chain.ts';

export const discard: TerminalChain = {
  name: 'discard',
  description: 'Throws the post away.',
  end: async ({ message, metadata }, { log }) => {
    const reasons = metadata.moderation_reasons ?? [];
    log('vette', `DISCARD: ${message.headers.get('Message-ID') ?? 'n/a'}; ${reasons.join('; ') || 'n/a'}`);
  },
};
