import { searchableLists } from '../archive/all-lists.ts';
import { FEED_LENGTH, feedAnswer } from '../archive/feed.ts';
import { readWishes, wishesQuery } from '../archive/search-form.ts';
import { searchQuery } from '../archive/search-results.ts';
import type { Page } from '../page.ts';

/** The newest results of a search of all lists, as a feed. */
export const searchFeed: Page = {
  path: '/archives/search/feed/',
  get: async (visit) => {
    const { urls, say, viewer, query } = visit;
    const archive = await visit.openArchive();
    const wishes = { ...readWishes(query), order: 'date' as const, offset: 0 };
    const visits = await searchableLists(visit);
    const { items } = await archive.search(searchQuery(wishes, [...visits.keys()], FEED_LENGTH));
    const fields = wishesQuery(wishes, 0);
    return feedAnswer(
      items.flatMap(({ message }) => {
        const own = visits.get(message.list);
        return own ? [{ message, visit: own }] : [];
      }),
      {
        title: `${say('search_title')}: ${wishes.text}`,
        visibility: viewer ? 'private' : 'public',
        origin: urls.origin,
        self: `${urls.path('/archives/search/feed/')}?${fields}`,
        page: `${urls.path('/archives/search/')}?${fields}`,
      },
    );
  },
};
