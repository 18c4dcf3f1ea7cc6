import { htmlAnswer, redirect } from '../answer.ts';
import { searchableLists } from '../archive/all-lists.ts';
import { isAsked, readWishes, searchForm, wishesQuery } from '../archive/search-form.ts';
import { RESULTS_PER_PAGE, searchQuery, searchResults } from '../archive/search-results.ts';
import { html } from '../html.ts';
import { layout } from '../layout.ts';
import type { Page } from '../page.ts';
import { pathPart } from '../urls.ts';

/** Searching all lists that the reader may read. */
export const search: Page = {
  path: '/archives/search/',
  get: async (visit) => {
    const { say, urls, query, viewer } = visit;
    const wishes = readWishes(query);
    // HyperKitty searches one list under the same address.
    const named = query.get('mlist');
    if (named)
      return redirect(`${urls.path(`/archives/list/${pathPart(named)}/search/`)}?${wishesQuery(wishes, 0)}`);
    const archive = await visit.openArchive();
    const action = urls.path('/archives/search/');
    const visits = isAsked(wishes) ? await searchableLists(visit) : undefined;
    const result =
      visits && (await archive.search(searchQuery(wishes, [...visits.keys()], RESULTS_PER_PAGE)));
    const feed = `${urls.path('/archives/search/feed/')}?${wishesQuery(wishes, 0)}`;
    const markup = layout(visit, {
      title: wishes.text === '' ? say('search_title') : `${say('search_title')}: ${wishes.text}`,
      isIndexed: false,
      ...(result ? { feed: { title: say('search_feed'), path: feed } } : {}),
      content: html`<h1>${say('search_title')}</h1>
${searchForm(visit, wishes, action)}
${result && searchResults(visit, result, { visits, wishes, action, showsLists: true })}
${result && html`<p class="quiet no-print"><a href="${feed}" rel="nofollow">${say('search_feed')} (Atom)</a></p>`}`,
    });
    return htmlAnswer(markup, { visibility: viewer ? 'private' : 'public' });
  },
};
