import type { TerminalChain } from './chain.ts';

export const defaultOwnerChain: TerminalChain = {
  name: 'default-owner-chain',
  description: "Passes mail to the list's owners on, without any rule.",
  end: async ({ list, message, metadata }, { enqueue, log }) => {
    log('vette', `OWNER: ${message.headers.get('Message-ID') ?? 'n/a'}`);
    await enqueue('pipeline', message.toBuffer(), { ...metadata, pipeline: list.settings.owner_pipeline });
  },
};
