import type { Rule } from '../post.ts';

export const newsModeration: Rule = {
  name: 'news-moderation',
  description: 'The list is the gateway of a moderated newsgroup.',
  record: true,
  check: async ({ list }) =>
    list.settings.newsgroup_moderation === 'moderated' ? ['Post to a moderated newsgroup gateway'] : null,
};
