import type { Step } from '../../queue/step.ts';
import { filterMessage } from '../content-filter/filter-message.ts';
import type { Post, Rule } from '../post.ts';

const KIBIBYTE = 1024;

/** With `[mailman] check_max_size_on_filtered_message` what the content filter takes out does not count. */
export const maxSize: Rule = {
  name: 'max-size',
  description: 'The message is larger than the list allows.',
  record: true,
  check: async (post, step) => {
    const { list, message, metadata } = post;
    const limit = list.settings.max_message_size;
    if (limit === 0) return null;
    const size = metadata.original_size ?? message.toBuffer().length;
    const isLarger = size > limit * KIBIBYTE && (await sizeThatCounts(post, step, size)) > limit * KIBIBYTE;
    return isLarger ? [`The message is larger than the ${limit} KB maximum size`] : null;
  },
};

/** What the content filter will not let through at all has no size. */
async function sizeThatCounts({ list, message }: Post, step: Step, size: number): Promise<number> {
  if (!step.config.mailman.check_max_size_on_filtered_message || !list.settings.filter_content) return size;
  const copy = message.clone();
  const { reason } = await filterMessage(copy, list, step);
  return reason === undefined ? copy.toBuffer().length : 0;
}
