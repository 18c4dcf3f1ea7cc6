import type { Message } from '../../message/message.ts';
import type { MailingList } from '../../model/mailing-list.ts';
import { sendNotice } from '../../templates/notice-sending.ts';
import { filteredPost } from '../../templates/notices/posts.ts';
import { convertHtmlParts } from '../content-filter/convert-html.ts';
import { filterCriteria, objection } from '../content-filter/criteria.ts';
import {
  collapseAlternatives,
  dropEmptyFirst,
  filterParts,
  type RemovedPart,
  unwrapSingles,
} from '../content-filter/filter-parts.ts';
import { addReport } from '../content-filter/report.ts';
import { listCharset } from '../list-charset.ts';
import { DiscardPost, type Handler, type Post, RejectPost } from '../post.ts';
import type { Step } from '../step.ts';

export const mimeDelete: Handler = {
  name: 'mime-delete',
  description: 'Takes out of a post what the list does not want.',
  process: async (post, step) => {
    const { list, message, metadata } = post;
    if (!list.settings.filter_content || metadata.isdigest) return;
    const original = message.clone();
    const removed: RemovedPart[] = [];
    const reason = filterMessage(message, list, removed);
    if (reason !== undefined) await dispose({ ...post, message: original }, step, reason);
    const charset = listCharset(step.config, list);
    const changes = [
      removed.length > 0,
      list.settings.collapse_alternatives && collapseAlternatives(message.root),
      unwrapSingles(message.root),
      list.settings.convert_html_to_plaintext && (await convertHtmlParts(message.root, step, charset)),
      dropEmptyFirst(message.root),
    ];
    if (!changes.includes(true)) return;
    message.headers.append('X-Content-Filtered-By', 'Mailman/MimeDel 3.3.8');
    if (removed.length > 0 && step.config.mailman.filter_report) addReport(message, removed, charset);
  },
};

/** @returns why nothing of the message can be taken */
function filterMessage(
  { root }: Message,
  { settings }: MailingList,
  removed: RemovedPart[],
): string | undefined {
  const criteria = filterCriteria(settings);
  const reason = objection(root, criteria);
  if (reason !== undefined) return reason;
  if (
    root.isOpaque &&
    criteria.filterTypes.size + criteria.passTypes.size + criteria.filterExtensions.size > 0
  )
    return 'The structure of the message could not be read';
  return filterParts(root, criteria, removed) ? undefined : 'After content filtering, the message was empty';
}

/** @throws DiscardPost, RejectPost */
async function dispose({ list, message, metadata }: Post, step: Step, reason: string): Promise<never> {
  const { filter_action } = list.settings;
  switch (filter_action) {
    case 'reject':
      throw new RejectPost([reason]);
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
