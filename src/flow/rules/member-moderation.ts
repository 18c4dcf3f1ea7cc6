import { memberForPost } from '../../membership/sender-member.ts';
import type { Rule } from '../post.ts';
import { senderKeys } from '../senders.ts';

export const memberModeration: Rule = {
  name: 'member-moderation',
  description: 'The message comes from a member whose posts are not simply passed.',
  record: true,
  check: async ({ list, message, metadata }, { config, connection }) => {
    const keys = senderKeys(message, metadata, config.mailman.sender_headers);
    for (const key of keys) {
      const member = await memberForPost(connection, list, key);
      if (!member) continue;
      const action = member.moderationAction ?? list.settings.default_member_action;
      if (action === 'defer') continue;
      metadata.member_moderation_action = action;
      metadata.moderation_sender = key;
      const { member_moderation_notice } = list.settings;
      if (action === 'reject' && member_moderation_notice.trim() !== '')
        metadata.rejection_notice = member_moderation_notice;
      return ['The message comes from a moderated member'];
    }
    return null;
  },
};
