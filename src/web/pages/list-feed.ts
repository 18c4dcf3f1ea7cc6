import { FEED_LENGTH, feedAnswer } from '../archive/feed.ts';
import { visitList } from '../archive/list-visit.ts';
import type { Page } from '../page.ts';

/** The newest messages of a list, as a feed. */
export const listFeed: Page = {
  path: '/archives/list/:list/feed/',
  get: async (plain) => {
    const visit = await visitList(plain);
    const { archive, archived, title, urls, list, visibility } = visit;
    const { items } = archived
      ? await archive.messages({ lists: [archived.id] }, { limit: FEED_LENGTH })
      : { items: [] };
    return feedAnswer(
      items.map((message) => ({ message, visit })),
      {
        title,
        visibility,
        origin: urls.origin,
        self: urls.list(list, 'feed/'),
        page: urls.list(list),
      },
    );
  },
};
