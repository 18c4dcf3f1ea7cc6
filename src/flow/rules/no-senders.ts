import type { Rule } from '../post.ts';
import { senderOf } from '../senders.ts';

export const noSenders: Rule = {
  name: 'no-senders',
  description: 'The message has no valid sender.',
  record: true,
  check: async ({ message, metadata }, { config }) =>
    senderOf(message, metadata, config.mailman.sender_headers) === ''
      ? ['The message has no valid senders']
      : null,
};
