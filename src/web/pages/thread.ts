import type { ArchivedThread, ThreadMessage } from '../../archiving/store/types.ts';
import { loadForPage, messageBody, messageFiles, messageText } from '../archive/card.ts';
import { fairLimit } from '../archive/fair-shares.ts';
import { findMessage } from '../archive/find-message.ts';
import { type ListVisit, listPage, visitList } from '../archive/list-visit.ts';
import { authorLink, nameOf } from '../archive/people.ts';
import { replyUrl } from '../archive/reply.ts';
import { messageUrl, subjectOf, threadUrl } from '../archive/thread-list.ts';
import { dayTag, timeTag } from '../archive/times.ts';
import { NotFoundError } from '../errors.ts';
import { type Html, html } from '../html.ts';
import type { Page } from '../page.ts';

/** Messages whose places are looked at together: as many as the store gives at once. */
const CHUNK = 500;
const MESSAGES_PER_PAGE = 50;
/** Characters of markup for the texts of one page; with all around them, a page stays below 150 KB. */
const TEXT_BUDGET = 82_000;
const MIN_TEXT_BUDGET = 30_000;
/** The same for pictures and attachments, which are only counted where they are too many. */
const FILES_BUDGET = 30_000;
/** Characters of a link that opens the reader's mailer; of a longer one there is the message's own page. */
const MAX_REPLY_URL = 500;
/** Characters of one message among others. */
const MAX_TEXT = 16_000;
/** Steps by which answers are indented. */
const MAX_INDENT = 6;

/** Which part of a thread is shown, and how. */
interface Part {
  readonly thread: ArchivedThread;
  readonly shown: readonly ThreadMessage[];
  readonly isFlat: boolean;
  /** From 1 on. */
  readonly number: number;
  readonly pages: number;
  /** Of the chunk that is shown, and of the one behind it. */
  readonly after: string | undefined;
  readonly next: string | undefined;
}

/** A whole conversation. */
export const thread: Page = {
  path: '/archives/list/:list/thread/:hash/',
  get: async (plain) => {
    const visit = await visitList(plain);
    const part = await readPart(visit);
    const { thread } = part;
    const { say, urls } = visit;
    const subject = subjectOf(thread, visit);
    const neighbours = await visit.archive.threadNeighbours(thread);
    const canonical = urls.origin + threadUrl(thread, visit);
    return listPage(visit, {
      title: subject,
      modified: thread.lastDate,
      canonical,
      isIndexed: part.number === 1 && !part.isFlat && part.after === undefined,
      feed: { title: subject, path: threadUrl(thread, visit, 'feed/') },
      content: html`<h1 dir="auto">${subject}</h1>
<p class="lead">${say.count('messages', thread.messages)} <span class="dot">·</span> ${say.count('people', thread.participants)} <span class="dot">·</span> ${dayTag(thread.firstDate, say)}${
        say.day(thread.lastDate) !== say.day(thread.firstDate) && html` – ${dayTag(thread.lastDate, say)}`
      }</p>
${part.thread.messages > 1 && toolbar(visit, part)}
${part.shown.length > 2 && outline(visit, part)}
${await cards(visit, part)}
${pages(visit, part)}
<ul class="actions no-print">
<li><a href="${threadUrl(thread, visit, 'feed/')}">${say('thread_feed')}</a></li>
<li><a href="${urls.list(visit.list, `export/thread.mbox.gz?thread=${thread.hash}`)}" rel="nofollow">${say('thread_download')} (mbox.gz)</a></li>
</ul>
<nav class="around" aria-label="${say('nav_threads')}">
${neighbours.previous ? html`<a rel="prev" href="${threadUrl(neighbours.previous, visit)}">← <bdi>${subjectOf(neighbours.previous, visit)}</bdi></a>` : html`<span></span>`}
${neighbours.next && html`<a rel="next" href="${threadUrl(neighbours.next, visit)}"><bdi>${subjectOf(neighbours.next, visit)}</bdi> →</a>`}
</nav>`,
    });
  },
};

async function readPart(visit: ListVisit): Promise<Part> {
  const { archive, query } = visit;
  const { thread: id } = await findMessage(visit);
  const found = await archive.thread(id);
  if (!found) throw new NotFoundError('error_message_not_found');
  const after = query.get('after') ?? undefined;
  const chunk = await archive.threadMessages(id, { limit: CHUNK, after });
  const isFlat = query.get('view') === 'flat';
  const all = isFlat ? chunk.items.toSorted((a, b) => a.date - b.date || a.id - b.id) : chunk.items;
  const pages = Math.max(1, Math.ceil(all.length / MESSAGES_PER_PAGE));
  const wanted = Number(query.get('page') ?? 1);
  const number = Number.isSafeInteger(wanted) ? Math.min(Math.max(wanted, 1), pages) : 1;
  return {
    thread: found,
    shown: all.slice((number - 1) * MESSAGES_PER_PAGE, number * MESSAGES_PER_PAGE),
    isFlat,
    number,
    pages,
    after,
    next: chunk.next,
  };
}

/** Tree or by date. */
function toolbar(visit: ListVisit, { thread: shown, isFlat }: Part): Html {
  const { say } = visit;
  const url = threadUrl(shown, visit);
  return html`<nav class="list-nav" aria-label="${say('thread_view')}">
<ul>
<li><a href="${url}"${!isFlat && html` aria-current="page"`}>${say('thread_tree')}</a></li>
<li><a href="${url}?view=flat" rel="nofollow"${isFlat && html` aria-current="page"`}>${say('thread_flat')}</a></li>
</ul>
</nav>`;
}

/** Who answers whom, with the way to each message of the page. */
function outline(visit: ListVisit, { shown, isFlat }: Part): Html {
  const { say } = visit;
  return html`<details class="outline no-print"><summary>${say('thread_outline')}</summary>
<ol class="plain">
${shown.map(
  (message) =>
    html`<li class="in${isFlat ? 0 : indent(message)}"><a href="#m${message.number}"><bdi>${nameOf(message.sender, visit)}</bdi></a> <span class="meta">${timeTag(message.date, say)}</span></li>\n`,
)}</ol>
</details>`;
}

async function cards(visit: ListVisit, { shown, isFlat }: Part): Promise<Html> {
  const loaded = [];
  for (const message of shown) {
    const inside = await loadForPage(visit, message);
    const text = messageText(visit, message, inside, MAX_TEXT);
    loaded.push({ message, inside, text, files: messageFiles(visit, message, inside) });
  }
  const areFilesShort = sum(loaded.map(({ files }) => files.markup.length)) > FILES_BUDGET;
  const ready = loaded.map((one) =>
    areFilesShort ? { ...one, files: messageFiles(visit, one.message, one.inside, true) } : one,
  );
  const limit = fairLimit(
    ready.map(({ text }) => text.markup.markup.length),
    Math.max(MIN_TEXT_BUDGET, TEXT_BUDGET - sum(ready.map(({ files }) => files.markup.length))),
  );
  return html`<div class="conversation">
${ready.map(({ message, inside, text, files }) => {
  const fits = text.markup.markup.length <= limit;
  const body = messageBody(visit, {
    loaded: inside,
    text: fits ? text : messageText(visit, message, inside, limit),
    files,
    rest: messageUrl(message, visit),
  });
  return card(visit, message, body, isFlat ? 0 : indent(message));
})}</div>`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function card(visit: ListVisit, message: ThreadMessage, body: Html, depth: number): Html {
  const { say } = visit;
  const reply = replyUrl(message, visit);
  const replyLink = reply.length > MAX_REPLY_URL ? messageUrl(message, visit) : reply;
  return html`<article class="message in${depth}" id="m${message.number}">
<header>
<h2>${authorLink(message.sender, visit)}</h2>
<a class="permalink" href="${messageUrl(message, visit)}" title="${say('message_permalink')}">${timeTag(message.date, say)}</a>
</header>
${body}
<p class="reply no-print"><a href="${replyLink}" rel="nofollow">${say('message_reply')}</a></p>
</article>
`;
}

function indent({ depth }: ThreadMessage): number {
  return Math.min(depth, MAX_INDENT);
}

function pages(
  visit: ListVisit,
  { thread: shown, number, pages: count, isFlat, after, next }: Part,
): Html | undefined {
  const { say } = visit;
  if (count === 1 && next === undefined) return undefined;
  const address = (page: number, chunk: string | undefined): string => {
    const fields = new URLSearchParams();
    if (isFlat) fields.set('view', 'flat');
    if (chunk !== undefined) fields.set('after', chunk);
    if (page > 1) fields.set('page', String(page));
    return fields.size === 0 ? threadUrl(shown, visit) : `${threadUrl(shown, visit)}?${fields}`;
  };
  const following = number < count ? address(number + 1, after) : next && address(1, next);
  return html`<nav class="pager" aria-label="${say('page_navigation')}">
${number > 1 ? html`<a rel="prev" href="${address(number - 1, after)}">← ${say('page_previous')}</a>` : html`<span></span>`}
${following && html`<a rel="next" href="${following}">${say('page_next')} →</a>`}
</nav>`;
}
