import type { ArchivedMessage, Neighbours } from '../../archiving/store/types.ts';
import { messageBody, messageFiles, messageText } from '../archive/card.ts';
import { findMessage, loadMessage } from '../archive/find-message.ts';
import { type ListVisit, listPage, visitList } from '../archive/list-visit.ts';
import { authorLink, nameOf } from '../archive/people.ts';
import { replyUrl } from '../archive/reply.ts';
import { messageUrl, subjectOf, threadUrl } from '../archive/thread-list.ts';
import { timeTag } from '../archive/times.ts';
import { type Html, html } from '../html.ts';
import type { Page } from '../page.ts';

/** Characters of markup of one text; with `?all=1`, and at most. */
const MAX_TEXT = 110_000;
const MAX_WHOLE_TEXT = 5_000_000;

/** Messages of a thread among which the ones before and after are looked for. */
const THREAD_REACH = 500;

/** One message: what permalinks lead to. */
export const message: Page = {
  path: '/archives/list/:list/message/:hash/',
  get: async (plain) => {
    const visit = await visitList(plain);
    const { say, query, urls, list, archive } = visit;
    const found = await findMessage(visit);
    const loaded = await loadMessage(visit, found);
    const subject = subjectOf(found, visit);
    const isHtml = query.get('view') === 'html' && loaded.read.html !== undefined;
    const isWhole = query.get('all') === '1';
    const text = messageText(visit, found, loaded, isWhole ? MAX_WHOLE_TEXT : MAX_TEXT);
    const rest = addQuery(messageUrl(found, visit), 'all=1');
    const [inThread, byDate] = await Promise.all([
      neighboursInThread(visit, found),
      archive.messageNeighbours(found),
    ]);
    return listPage(visit, {
      title: subject,
      modified: found.date,
      isIndexed: !isHtml && !isWhole,
      canonical: urls.origin + messageUrl(found, visit),
      content: html`<article class="message single">
<header>
<h1 dir="auto">${subject}</h1>
<dl class="facts">
<dt>${say('message_from')}</dt><dd>${authorLink(found.sender, visit)}${
        found.sender.name !== '' &&
        found.sender.address !== '' &&
        html` <span class="meta">${nameOf({ name: '', address: found.sender.address }, visit)}</span>`
      }</dd>
<dt>${say('message_date')}</dt><dd>${timeTag(found.date, say)} UTC</dd>
${inThread.parent && html`<dt>${say('message_parent')}</dt><dd><a href="${messageUrl(inThread.parent, visit)}"><bdi>${nameOf(inThread.parent.sender, visit)}</bdi>, ${timeTag(inThread.parent.date, say)}</a></dd>`}
</dl>
</header>
${isHtml ? htmlFrame(visit, found) : messageBody(visit, { loaded, text, files: messageFiles(visit, found, loaded), rest })}
</article>
<ul class="actions no-print">
<li><a class="button" href="${replyUrl(found, visit)}" rel="nofollow">${say('message_reply')}</a></li>
<li><a href="${threadUrl(found, visit)}#m${found.number}">${say('message_in_thread')}</a></li>
${loaded.read.html !== undefined && html`<li>${isHtml ? html`<a href="${messageUrl(found, visit)}">${say('message_as_text')}</a>` : html`<a href="${addQuery(messageUrl(found, visit), 'view=html')}" rel="nofollow">${say('message_as_html')}</a>`}</li>`}
<li><a href="${messageUrl(found, visit, 'headers/')}" rel="nofollow">${say('message_headers')}</a></li>
<li><a href="${messageUrl(found, visit, 'raw/')}" rel="nofollow">${say('message_raw')}</a></li>
</ul>
<nav class="neighbours no-print" aria-label="${say('message_navigation')}">
<ul>
${neighbour(visit, inThread.previous, '←', say('message_previous_in_thread'))}${neighbour(visit, inThread.next, '→', say('message_next_in_thread'))}${neighbour(visit, byDate.previous, '←', say('message_previous_by_date'))}${neighbour(visit, byDate.next, '→', say('message_next_by_date'))}</ul>
</nav>`,
      trail: [
        [visit.title, urls.list(list)],
        [say('message_in_thread'), threadUrl(found, visit)],
      ],
    });
  },
};

/** The author's own formatting, in a frame that can do nothing. */
function htmlFrame(visit: ListVisit, found: ArchivedMessage): Html {
  const { say } = visit;
  return html`<p class="quiet">${say('message_html_note')}</p>
<iframe class="author-html" sandbox="allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer" src="${messageUrl(found, visit, 'html/')}" title="${subjectOf(found, visit)}"></iframe>`;
}

async function neighboursInThread(
  { archive }: ListVisit,
  found: ArchivedMessage,
): Promise<Neighbours<ArchivedMessage> & { readonly parent: ArchivedMessage | undefined }> {
  const { items } = await archive.threadMessages(found.thread, { limit: THREAD_REACH });
  const place = items.findIndex(({ id }) => id === found.id);
  if (place < 0) {
    const { parent } = await archive.messagePlace(found);
    return {
      previous: undefined,
      next: undefined,
      parent: parent === undefined ? undefined : await archive.message(parent),
    };
  }
  return {
    previous: items[place - 1],
    next: items[place + 1],
    parent: items.find(({ id }) => id === items[place]?.parent),
  };
}

function neighbour(
  visit: ListVisit,
  to: ArchivedMessage | undefined,
  arrow: string,
  text: string,
): Html | undefined {
  if (!to) return undefined;
  return html`<li><a href="${messageUrl(to, visit)}"><span class="way"><span aria-hidden="true">${arrow}</span> ${text}</span> <bdi>${subjectOf(to, visit)}</bdi></a></li>\n`;
}

function addQuery(url: string, field: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}${field}`;
}
