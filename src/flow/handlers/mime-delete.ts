import type { Step } from '../../queue/step.ts';
import { sendNotice } from '../../templates/notice-sending.ts';
import { filteredPost } from '../../templates/notices/posts.ts';
import { filterMessage } from '../content-filter/filter-message.ts';
import { addReport } from '../content-filter/report.ts';
import { listCharset } from '../list-charset.ts';
import { DiscardPost, type Handler, type Post, RejectPost } from '../post.ts';

export const mimeDelete: Handler = {
  name: 'mime-delete',
  description: 'Takes out of a post what the list does not want.',
  process: async (post, step) => {
    const { list, message, metadata } = post;
    if (!list.settings.filter_content || metadata.isdigest) return;
    const original = message.clone();
    const { reason, removed, isChanged } = await filterMessage(message, list, step);
    if (reason !== undefined) await dispose({ ...post, message: original }, step, reason);
    if (!isChanged) return;
    message.headers.append('X-Content-Filtered-By', 'Mailman/MimeDel 3.3.8');
    if (removed.length > 0 && step.config.mailman.filter_report)
      addReport(message, removed, listCharset(step.config, list));
  },
};

/** @throws DiscardPost, RejectPost */
async function dispose({ list, message, metadata }: Post, step: Step, reason: string): Promise<never> {
  const { filter_action } = list.settings;
  switch (filter_action) {
    case 'reject':
      throw new RejectPost([reason], message);
    case 'forward':
      await sendNotice(step, filteredPost(list, message));
      break;
    case 'preserve':
      if (step.config.mailman.filtered_messages_are_preservable)
        await step.enqueue('bad', message.toBuffer(), { ...metadata, listid: list.listId });
      break;
    case 'discard':
      break;
    default:
      step.log('error', `${list.listId}: filter_action ${filter_action} is none; the message is discarded`);
  }
  throw new DiscardPost([reason]);
}
