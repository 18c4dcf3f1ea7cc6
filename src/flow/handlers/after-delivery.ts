import { notePost } from '../../database/lists.ts';
import type { Handler } from '../post.ts';
import { postNumber } from '../post-number.ts';

export const afterDelivery: Handler = {
  name: 'after-delivery',
  description: 'Counts the post and notes its time.',
  process: async (post, step) => {
    // Only where something depends on the number it is asked for: it costs two statements.
    if (step.config.mta.verp_delivery_interval > 1) await postNumber(post, step);
    const isCounted = post.metadata.post_number !== undefined;
    await notePost(step.connection, post.list.listId, { when: step.clock.now(), isCounted });
  },
};
