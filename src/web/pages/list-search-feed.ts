import { FEED_LENGTH, feedAnswer } from '../archive/feed.ts';
import { archivedList, visitList } from '../archive/list-visit.ts';
import { readWishes, wishesQuery } from '../archive/search-form.ts';
import { searchQuery } from '../archive/search-results.ts';
import type { Page } from '../page.ts';

/** The newest results of a search of one list, as a feed. */
export const listSearchFeed: Page = {
  path: '/archives/list/:list/search/feed/',
  get: async (plain) => {
    const visit = await visitList(plain);
    const { archive, urls, say, list, title, query, visibility } = visit;
    const wishes = { ...readWishes(query), order: 'date' as const, offset: 0 };
    const { items } = await archive.search(searchQuery(wishes, [archivedList(visit).id], FEED_LENGTH));
    const fields = wishesQuery(wishes, 0);
    return feedAnswer(
      items.map(({ message }) => ({ message, visit })),
      {
        title: `${say('search_in', { list: title })}: ${wishes.text}`,
        visibility,
        origin: urls.origin,
        self: `${urls.list(list, 'search/feed/')}?${fields}`,
        page: `${urls.list(list, 'search/')}?${fields}`,
      },
    );
  },
};
