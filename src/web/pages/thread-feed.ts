import { FEED_LENGTH, feedAnswer } from '../archive/feed.ts';
import { findMessage } from '../archive/find-message.ts';
import { visitList } from '../archive/list-visit.ts';
import { subjectOf, threadUrl } from '../archive/thread-list.ts';
import type { Page } from '../page.ts';

/** Of a longer thread, these messages are looked at for the newest. */
const REACH = 500;

/** The newest messages of a thread, as a feed. */
export const threadFeed: Page = {
  path: '/archives/list/:list/thread/:hash/feed/',
  get: async (plain) => {
    const visit = await visitList(plain);
    const { archive, urls, visibility } = visit;
    const found = await findMessage(visit);
    const thread = await archive.thread(found.thread);
    const { items } = await archive.threadMessages(found.thread, { limit: REACH });
    const named = thread ?? found;
    return feedAnswer(
      items
        .toSorted((a, b) => b.date - a.date)
        .slice(0, FEED_LENGTH)
        .map((message) => ({ message, visit })),
      {
        title: subjectOf(named, visit),
        visibility,
        origin: urls.origin,
        self: threadUrl(named, visit, 'feed/'),
        page: threadUrl(named, visit),
      },
    );
  },
};
