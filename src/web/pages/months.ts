import type { MonthCount } from '../../archiving/store/types.ts';
import { activityPicture } from '../archive/activity.ts';
import { archivedList, type ListVisit, listNav, listPage, visitList } from '../archive/list-visit.ts';
import { monthPath } from '../archive/times.ts';
import { type Html, html } from '../html.ts';
import type { Page } from '../page.ts';

/** Every month that has messages, by year. */
export const months: Page = {
  path: '/archives/list/:list/months/',
  get: async (plain) => {
    const visit = await visitList(plain);
    const { archive, say, title } = visit;
    const counts = await archive.months(archivedList(visit).id);
    const years = Map.groupBy(counts.toReversed(), ({ year }) => year);
    return listPage(visit, {
      title: say('nav_months'),
      content: html`<h1><bdi>${title}</bdi></h1>
${listNav(visit, 'months')}
${activityPicture(counts, say)}
${[...years].map(([year, all]) => yearSection(visit, year, all.toReversed()))}`,
    });
  },
};

function yearSection({ say, urls, list }: ListVisit, year: number, counts: readonly MonthCount[]): Html {
  return html`<section class="year" aria-labelledby="y${year}">
<h2 id="y${year}">${String(year)}</h2>
<ul class="months">
${counts.map(
  ({ month, messages }) =>
    html`<li><a href="${urls.list(list, monthPath(year, month))}">${say.monthName(month)}</a> <span class="meta">${say.number(messages)}</span></li>\n`,
)}</ul>
</section>`;
}
