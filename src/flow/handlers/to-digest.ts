import type { Handler } from '../post.ts';

export const toDigest: Handler = {
  name: 'to-digest',
  description: 'Adds the post to the next digest.',
  makesCopy: true,
  process: async ({ list, message, metadata }, { enqueue }) => {
    if (!list.settings.digests_enabled || metadata.isdigest) return;
    await enqueue('digest', message.toBuffer(), { listid: list.listId });
  },
};
