import { notePost } from '../../database/lists.ts';
import type { Handler } from '../post.ts';
import { postNumber } from '../post-number.ts';

export const afterDelivery: Handler = {
  name: 'after-delivery',
  description: 'Counts the post and notes its time.',
  process: async (post, step) => {
    await postNumber(post, step);
    await notePost(step.connection, post.list.listId, step.clock.now());
  },
};
