import { sendNotice } from '../../templates/notice-sending.ts';
import { discardedPost } from '../../templates/notices/posts.ts';
import { nonmemberModeration } from '../rules/nonmember-moderation.ts';
import type { TerminalChain } from './chain.ts';

export const discard: TerminalChain = {
  name: 'discard',
  description: 'Throws the post away.',
  end: async ({ list, message, metadata }, step) => {
    const reasons = metadata.moderation_reasons ?? [];
    step.log(
      'vette',
      `DISCARD: ${message.headers.get('Message-ID') ?? 'n/a'}; ${reasons.join('; ') || 'n/a'}`,
    );
    const isOfNonmember = metadata.rule_hits?.includes(nonmemberModeration.name);
    if (isOfNonmember && list.settings.forward_auto_discards)
      await sendNotice(step, discardedPost(list, message.clone()));
  },
};
