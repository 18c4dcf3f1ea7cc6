import type { Rule } from '../post.ts';

const KIBIBYTE = 1024;

export const maxSize: Rule = {
  name: 'max-size',
  description: 'The message is larger than the list allows.',
  record: true,
  check: async ({ list, message, metadata }) => {
    const limit = list.settings.max_message_size;
    if (limit === 0) return null;
    const size = metadata.original_size ?? message.toBuffer().length;
    return size > limit * KIBIBYTE ? [`The message is larger than the ${limit} KB maximum size`] : null;
  },
};
