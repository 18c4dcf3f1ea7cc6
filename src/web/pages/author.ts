import { archivedList, listPage, visitList } from '../archive/list-visit.ts';
import { messageList } from '../archive/message-list.ts';
import { pager } from '../archive/paging.ts';
import { nameOf } from '../archive/people.ts';
import { NotFoundError } from '../errors.ts';
import { html } from '../html.ts';
import type { Page } from '../page.ts';

const MESSAGES_PER_PAGE = 50;

/** What somebody wrote on a list, the newest first. */
export const author: Page = {
  path: '/archives/list/:list/author/:sender(^\\d{1,15}$)/',
  get: async (plain) => {
    const visit = await visitList(plain);
    const { archive, say, query, params } = visit;
    const { id } = archivedList(visit);
    const number = Number(params.sender);
    const wanted = { lists: [id], sender: number };
    const [messages, newest] = await Promise.all([
      archive.messages(wanted, { limit: MESSAGES_PER_PAGE, after: query.get('after') ?? undefined }),
      archive.messages(wanted, { limit: 1 }),
    ]);
    // Nothing is known here of those who wrote on other lists only, nor of the names that they use there.
    const sender = newest.items[0]?.sender;
    if (!sender) throw new NotFoundError();
    const heading = say('author_title', { name: nameOf(sender, visit) });
    return listPage(visit, {
      title: heading,
      isIndexed: false,
      content: html`<h1><bdi>${heading}</bdi></h1>
${sender.address !== '' && sender.name !== '' && html`<p class="lead">${nameOf({ name: '', address: sender.address }, visit)}</p>`}
${messageList(messages.items, visit)}
${pager(visit, messages.next)}`,
    });
  },
};
