import type { Rule } from '../post.ts';

export const emergency: Rule = {
  name: 'emergency',
  description: 'The list holds everything, and no moderator has approved this message.',
  record: true,
  check: async ({ list, metadata }) =>
    list.settings.emergency && !metadata.moderator_approved
      ? ['Emergency moderation is in effect for this list']
      : null,
};
