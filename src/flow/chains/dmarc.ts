import { truth } from '../rules/truth.ts';
import { jump, type RuleChain } from './chain.ts';

export const dmarc: RuleChain = {
  name: 'dmarc',
  description: "Rejects or discards what must not pass because of its author's domain.",
  links: ({ metadata }) => [{ rule: truth, onHit: jump(metadata.dmarc_action ?? 'reject') }],
};
