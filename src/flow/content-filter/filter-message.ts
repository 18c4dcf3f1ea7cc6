import type { Message } from '../../message/message.ts';
import type { MailingList } from '../../model/mailing-list.ts';
import type { Step } from '../../queue/step.ts';
import { listCharset } from '../list-charset.ts';
import { convertHtmlParts } from './convert-html.ts';
import { filterCriteria, objection } from './criteria.ts';
import {
  collapseAlternatives,
  dropEmptyFirst,
  filterParts,
  type RemovedPart,
  unwrapSingles,
} from './filter-parts.ts';

/** What the content filter made of a message. */
export interface Filtered {
  /** Why nothing of it can be taken; it is as it was or partly filtered then. */
  readonly reason?: string;
  readonly removed: readonly RemovedPart[];
  readonly isChanged: boolean;
}

/** Takes out of a message what its list does not want, and converts the rest as the list says (mail-flow.md section 5). */
export async function filterMessage(message: Message, list: MailingList, step: Step): Promise<Filtered> {
  const { root } = message;
  const removed: RemovedPart[] = [];
  const reason = takeOut(message, list, removed);
  if (reason !== undefined) return { reason, removed, isChanged: true };
  const { collapse_alternatives, convert_html_to_plaintext } = list.settings;
  const changes = [
    removed.length > 0,
    collapse_alternatives && collapseAlternatives(root),
    unwrapSingles(root),
    convert_html_to_plaintext && (await convertHtmlParts(root, step, listCharset(step.config, list))),
    dropEmptyFirst(root),
  ];
  return { removed, isChanged: changes.includes(true) };
}

/** @returns why nothing of the message can be taken */
function takeOut({ root }: Message, { settings }: MailingList, removed: RemovedPart[]): string | undefined {
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
