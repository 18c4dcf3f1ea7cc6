import type { MonthCount } from '../../archiving/store/types.ts';
import { archivedList, type ListVisit, listPage, visitList } from '../archive/list-visit.ts';
import { pager } from '../archive/paging.ts';
import { threadList } from '../archive/thread-list.ts';
import { monthPath } from '../archive/times.ts';
import { NotFoundError } from '../errors.ts';
import { type Html, html } from '../html.ts';
import type { Page } from '../page.ts';

const THREADS_PER_PAGE = 100;

/** The threads that had messages in a month. */
export const month: Page = {
  path: '/archives/list/:list/:year(^\\d{4}$)/:month(^\\d{1,2}$)/',
  get: async (plain) => {
    const visit = await visitList(plain);
    const { archive, say, query, urls, list, title, params } = visit;
    const [year, number] = [Number(params.year), Number(params.month)];
    if (number < 1 || number > 12) throw new NotFoundError();
    const { id } = archivedList(visit);
    const after = query.get('after') ?? undefined;
    const [threads, counts] = await Promise.all([
      archive.monthThreads(id, year, number, { limit: THREADS_PER_PAGE, after }),
      archive.months(id),
    ]);
    const here = counts.find((one) => one.year === year && one.month === number);
    const heading = say.month(year, number);
    return listPage(visit, {
      title: heading,
      isIndexed: after === undefined && here !== undefined,
      trail: [
        [title, urls.list(list)],
        [say('nav_months'), urls.list(list, 'months/')],
      ],
      content: html`<h1>${heading}</h1>
<p class="lead">${here ? say.count('messages', here.messages) : say('month_empty')}</p>
${around(visit, counts, year, number)}
${threadList(threads.items, visit)}
${
  here &&
  html`<ul class="actions">
<li><a href="${urls.list(list, `export/${list.listName}-${year}-${String(number).padStart(2, '0')}.mbox.gz?month=${year}-${String(number).padStart(2, '0')}`)}" rel="nofollow">${say('month_download')} (mbox.gz)</a></li>
</ul>`
}
${pager(visit, threads.next)}`,
    });
  },
};

/** Links to the months before and after it that have messages. */
function around(
  { say, urls, list }: ListVisit,
  counts: readonly MonthCount[],
  year: number,
  number: number,
): Html {
  const place = year * 12 + number;
  const before = counts.findLast((one) => one.year * 12 + one.month < place);
  const after = counts.find((one) => one.year * 12 + one.month > place);
  const link = (one: MonthCount, rel: string, text: string): Html =>
    html`<a rel="${rel}" href="${urls.list(list, monthPath(one.year, one.month))}">${text}</a>`;
  return html`<nav class="around" aria-label="${say('nav_months')}">
${before ? link(before, 'prev', `← ${say.month(before.year, before.month)}`) : html`<span></span>`}
${after && link(after, 'next', `${say.month(after.year, after.month)} →`)}
</nav>`;
}
