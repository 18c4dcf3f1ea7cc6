import { markWords } from '../../archiving/store/search/snippet.ts';
import type { SearchHit, SearchQuery, SearchResult, SnippetPiece } from '../../archiving/store/types.ts';
import { type Hole, type Html, html } from '../html.ts';
import { obscureText } from '../text/obscure.ts';
import type { Visit } from '../visit.ts';
import type { ListVisit } from './list-visit.ts';
import { attachmentNote } from './message-list.ts';
import { nameOf } from './people.ts';
import { type SearchWishes, wishesQuery } from './search-form.ts';
import { messageUrl, subjectOf } from './thread-list.ts';
import { timeTag } from './times.ts';

export const RESULTS_PER_PAGE = 25;

const DAY = 86_400_000;

/** The wishes as the archive understands them. @param lists keys of the lists to be looked through */
export function searchQuery(wishes: SearchWishes, lists: readonly number[], limit: number): SearchQuery {
  const { text, from, after, before, hasAttachment, order, offset } = wishes;
  return {
    lists,
    text,
    from: from === '' ? undefined : from,
    since: dayStart(after),
    until: addDay(dayStart(before)),
    ...(hasAttachment ? { hasAttachment } : {}),
    order,
    offset,
    limit,
  };
}

/** What was found, and the way to more. @param visits the lists that were looked through, by key */
export function searchResults(
  visit: Pick<Visit, 'say'>,
  result: SearchResult,
  {
    visits,
    wishes,
    action,
    showsLists,
  }: {
    readonly visits: ReadonlyMap<number, ListVisit>;
    readonly wishes: SearchWishes;
    readonly action: string;
    readonly showsLists: boolean;
  },
): Html {
  const { say } = visit;
  if (result.items.length === 0) return html`<p role="status">${say('search_none')}</p>`;
  const count = result.isBounded
    ? say('results_more', { count: say.number(result.total) })
    : say.count('results', result.total);
  const behind = wishes.offset + RESULTS_PER_PAGE;
  const before = Math.max(0, wishes.offset - RESULTS_PER_PAGE);
  return html`<p class="quiet" role="status">${count}</p>
<ol class="results plain">
${result.items.map((hit) => {
  const own = visits.get(hit.message.list);
  return own && entry(own, hit, result.marks, showsLists);
})}</ol>
<nav class="pager" aria-label="${say('page_navigation')}">
${wishes.offset > 0 ? html`<a rel="prev" href="${action}?${wishesQuery(wishes, before)}">← ${say('page_previous')}</a>` : html`<span></span>`}
${behind < result.total && html`<a rel="next" href="${action}?${wishesQuery(wishes, behind)}">${say('page_next')} →</a>`}
</nav>`;
}

function entry(
  visit: ListVisit,
  { message, snippet }: SearchHit,
  marks: SearchResult['marks'],
  showsList: boolean,
): Html {
  const { say, isObscured, title, urls, list } = visit;
  const shown = (text: string): string => (isObscured ? obscureText(text) : text);
  const marked = (pieces: readonly SnippetPiece[]): Hole[] =>
    pieces.map(({ text, isMatch }) => (isMatch ? html`<mark>${shown(text)}</mark>` : shown(text)));
  return html`<li>
<a class="subject" href="${messageUrl(message, visit)}"><bdi>${marked(markWords(subjectOf(message, visit), marks))}</bdi></a>
<p class="snippet" dir="auto">${marked(snippet)}</p>
<p class="meta"><bdi>${nameOf(message.sender, visit)}</bdi> <span class="dot">·</span> ${timeTag(message.date, say)}${
    showsList && html` <span class="dot">·</span> <a href="${urls.list(list)}"><bdi>${title}</bdi></a>`
  }${attachmentNote(message, visit)}</p>
</li>
`;
}

function dayStart(day: string): number | undefined {
  const time = day === '' ? Number.NaN : Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(time) ? undefined : time;
}

/** A last day is meant as a whole. */
function addDay(time: number | undefined): number | undefined {
  return time === undefined ? undefined : time + DAY;
}
