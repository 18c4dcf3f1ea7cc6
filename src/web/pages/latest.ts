import { archivedList, listNav, listPage, visitList } from '../archive/list-visit.ts';
import { pager } from '../archive/paging.ts';
import { threadList } from '../archive/thread-list.ts';
import { html } from '../html.ts';
import type { Page } from '../page.ts';

const THREADS_PER_PAGE = 50;

/** All threads of a list by their last message. */
export const latest: Page = {
  path: '/archives/list/:list/latest/',
  get: async (plain) => {
    const visit = await visitList(plain);
    const { archive, say, query, title } = visit;
    const threads = await archive.recentThreads(archivedList(visit).id, {
      limit: THREADS_PER_PAGE,
      after: query.get('after') ?? undefined,
    });
    return listPage(visit, {
      title: say('nav_threads'),
      isIndexed: !query.has('after'),
      content: html`<h1><bdi>${title}</bdi></h1>
${listNav(visit, 'threads')}
${threadList(threads.items, visit)}
${pager(visit, threads.next)}`,
    });
  },
};
