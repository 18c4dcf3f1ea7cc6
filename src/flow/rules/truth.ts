import type { Rule } from '../post.ts';

export const truth: Rule = {
  name: 'truth',
  description: 'Always hits.',
  record: false,
  check: async () => [],
};
