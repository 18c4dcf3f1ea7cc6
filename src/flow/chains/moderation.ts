import { truth } from '../rules/truth.ts';
import { jump, type RuleChain } from './chain.ts';

export const moderation: RuleChain = {
  name: 'moderation',
  description: "Does with a post what its sender's moderation action says.",
  links: ({ metadata }) => [{ rule: truth, onHit: jump(metadata.member_moderation_action ?? 'hold') }],
};
