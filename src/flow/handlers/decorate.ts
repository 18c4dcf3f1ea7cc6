import { decoratePost, isDecorated } from '../decoration/decorate-post.ts';
import type { Handler } from '../post.ts';

export const decorate: Handler = {
  name: 'decorate',
  description: "Puts the list's header and footer around the post.",
  process: async (post, step) => {
    if (isDecorated(post)) await decoratePost(post, step);
  },
};
