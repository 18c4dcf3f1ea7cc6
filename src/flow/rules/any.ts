import type { Rule } from '../post.ts';

export const any: Rule = {
  name: 'any',
  description: 'Hits when an earlier rule has hit.',
  record: false,
  check: async ({ metadata }) => ((metadata.rule_hits ?? []).length > 0 ? [] : null),
};
