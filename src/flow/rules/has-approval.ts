import type { Rule } from '../post.ts';

/** For chains in which something comes between looking for the password and acting on it. */
export const hasApproval: Rule = {
  name: 'has-approval',
  description: "The rule approved has found the list's password before.",
  record: false,
  check: async ({ metadata }) => (metadata.approved ? [] : null),
};
