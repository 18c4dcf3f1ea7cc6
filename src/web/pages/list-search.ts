import { type ListVisit, listPage, visitList } from '../archive/list-visit.ts';
import { isAsked, readWishes, searchForm, wishesQuery } from '../archive/search-form.ts';
import { RESULTS_PER_PAGE, searchQuery, searchResults } from '../archive/search-results.ts';
import { html } from '../html.ts';
import type { Page } from '../page.ts';

/** Searching one list. */
export const listSearch: Page = {
  path: '/archives/list/:list/search/',
  get: async (plain) => {
    const visit = await visitList(plain);
    const { say, urls, archive, query, list, archived, title } = visit;
    const wishes = readWishes(query);
    const action = urls.list(list, 'search/');
    const result =
      archived && isAsked(wishes)
        ? await archive.search(searchQuery(wishes, [archived.id], RESULTS_PER_PAGE))
        : undefined;
    const visits = new Map<number, ListVisit>(archived ? [[archived.id, visit]] : []);
    const feed = `${urls.list(list, 'search/feed/')}?${wishesQuery(wishes, 0)}`;
    const heading = say('search_in', { list: title });
    return listPage(visit, {
      title: wishes.text === '' ? heading : `${heading}: ${wishes.text}`,
      isIndexed: false,
      ...(result ? { feed: { title: say('search_feed'), path: feed } } : {}),
      content: html`<h1>${heading}</h1>
${searchForm(visit, wishes, action)}
${result && searchResults(visit, result, { visits, wishes, action, showsLists: false })}
${result && html`<p class="quiet no-print"><a href="${feed}" rel="nofollow">${say('search_feed')} (Atom)</a></p>`}`,
    });
  },
};
