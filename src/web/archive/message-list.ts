import type { ArchivedMessage } from '../../archiving/store/types.ts';
import { type Html, html } from '../html.ts';
import type { ListVisit } from './list-visit.ts';
import { nameOf } from './people.ts';
import { messageUrl, subjectOf } from './thread-list.ts';
import { timeTag } from './times.ts';

/** Single messages as lists show them. */
export function messageList(messages: readonly ArchivedMessage[], visit: ListVisit): Html {
  return html`<ol class="threads plain">
${messages.map(
  (message) => html`<li>
<a class="subject" href="${messageUrl(message, visit)}"><bdi>${subjectOf(message, visit)}</bdi></a>
<p class="meta"><bdi>${nameOf(message.sender, visit)}</bdi> <span class="dot">·</span> ${timeTag(message.date, visit.say)}${attachmentNote(message, visit)}</p>
</li>
`,
)}</ol>`;
}

/** How many files came with a message. */
export function attachmentNote(
  { attachments }: ArchivedMessage,
  { say }: Pick<ListVisit, 'say'>,
): Html | false {
  return attachments > 0 && html` <span class="dot">·</span> ${say.count('attachments', attachments)}`;
}
