import { nonmemberListAction } from '../../membership/nonmember-lists.ts';
import { ensureNonmembers } from '../../membership/nonmembers.ts';
import { memberForPost } from '../../membership/sender-member.ts';
import type { Action } from '../../model/enums.ts';
import type { Post, Rule } from '../post.ts';
import { senderKeys, sendersOf } from '../senders.ts';

export const nonmemberModeration: Rule = {
  name: 'nonmember-moderation',
  description: 'The message comes from somebody who is no member, and such posts are not simply passed.',
  record: true,
  check: async (post, step) => {
    const { list, message, metadata } = post;
    const order = step.config.mailman.sender_headers;
    const keys = senderKeys(message, metadata, order);
    if (metadata.fromusenet) return null;
    for (const key of keys) if (await memberForPost(step.connection, list, key)) return null;
    const nonmembers = await ensureNonmembers(
      step.connection,
      list,
      sendersOf(message, metadata, order),
      step.clock.now(),
    );
    for (const key of keys) {
      const own = nonmembers.get(key)?.moderationAction;
      if (own) return decide(post, key, own, 'The message is not from a list member');
      const listed = await nonmemberListAction(step.connection, list, key);
      if (listed) return decide(post, key, listed, `The sender is in the nonmember ${listed} list`);
    }
    return decide(
      post,
      keys[0] ?? '',
      list.settings.default_nonmember_action,
      'The message is not from a list member',
    );
  },
};

function decide(
  { list, metadata }: Post,
  key: string,
  action: Action,
  reason: string,
): readonly string[] | null {
  if (action === 'defer') return null;
  metadata.member_moderation_action = action;
  metadata.moderation_sender = key;
  const { nonmember_rejection_notice } = list.settings;
  if (action === 'reject' && nonmember_rejection_notice.trim() !== '')
    metadata.rejection_notice = nonmember_rejection_notice;
  return [reason];
}
