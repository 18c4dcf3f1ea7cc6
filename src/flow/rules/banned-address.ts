import { banCheck } from '../../membership/bans.ts';
import type { Rule } from '../post.ts';
import { senderKeys } from '../senders.ts';

export const bannedAddress: Rule = {
  name: 'banned-address',
  description: 'A sender is banned from the list or from the site.',
  record: true,
  check: async ({ list, message, metadata }, { config, connection }) => {
    const isBanned = await banCheck(connection, list.listId);
    const banned = senderKeys(message, metadata, config.mailman.sender_headers).find(isBanned);
    return banned === undefined ? null : [`Message sender ${banned} is banned from this list`];
  },
};
