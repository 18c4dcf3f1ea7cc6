import type { ArchivedThread } from '../../archiving/store/types.ts';
import { type Html, html } from '../html.ts';
import { obscureText } from '../text/obscure.ts';
import type { ListVisit } from './list-visit.ts';
import { nameOf } from './people.ts';
import { timeTag } from './times.ts';

/** Threads as lists show them: subject, who began, how long, when last. */
export function threadList(threads: readonly ArchivedThread[], visit: ListVisit): Html {
  return html`<ol class="threads plain">
${threads.map((thread) => threadEntry(thread, visit))}</ol>`;
}

function threadEntry(thread: ArchivedThread, visit: ListVisit): Html {
  const { say } = visit;
  return html`<li>
<a class="subject" href="${threadUrl(thread, visit)}"><bdi>${subjectOf(thread, visit)}</bdi></a>
<p class="meta"><bdi>${nameOf(thread.starter, visit)}</bdi> <span class="dot">·</span> ${say.count('messages', thread.messages)}${
    thread.participants > 1 && html` <span class="dot">·</span> ${say.count('people', thread.participants)}`
  } <span class="dot">·</span> ${timeTag(thread.lastDate, say)}</p>
</li>
`;
}

/** The address of a thread. @param rest behind it, such as `feed/` */
export function threadUrl({ hash }: { readonly hash: string }, { urls, list }: ListVisit, rest = ''): string {
  return urls.list(list, `thread/${hash}/${rest}`);
}

/** The address of a message; copies of one Message-ID are told apart by their number. */
export function messageUrl(
  { hash, copy }: { readonly hash: string; readonly copy: number },
  { urls, list }: Pick<ListVisit, 'urls' | 'list'>,
  rest = '',
): string {
  return urls.list(list, `message/${hash}/${rest}${copy > 0 ? `?copy=${copy}` : ''}`);
}

/** A subject as far as it may be seen. */
export function subjectOf(
  { subject }: { readonly subject: string },
  { say, isObscured }: Pick<ListVisit, 'say' | 'isObscured'>,
): string {
  const shown = subject || say('message_no_subject');
  return isObscured ? obscureText(shown) : shown;
}
