import type { ArchivedList } from '../../archiving/store/types.ts';
import { allLists } from '../../database/lists.ts';
import { type MailingList, postingAddress } from '../../model/mailing-list.ts';
import { htmlAnswer } from '../answer.ts';
import { isPublic } from '../archive/list-visit.ts';
import { dayTag } from '../archive/times.ts';
import { type Html, html } from '../html.ts';
import { layout } from '../layout.ts';
import type { Page } from '../page.ts';
import { belongsTo } from '../viewer.ts';
import type { Visit } from '../visit.ts';

const LISTS_PER_PAGE = 100;
/** Up to so many, one looks. */
const MANY = 15;
const MAX_NAME = 200;

/** The lists of the site: advertised ones, and those of the viewer. */
export const lists: Page = {
  path: '/archives/',
  get: async (visit) => {
    const { services, viewer, say } = visit;
    const archive = await visit.openArchive();
    const archived = new Map((await archive.lists()).map((one) => [one.listId, one]));
    const wanted = (visit.query.get('name') ?? '').trim().slice(0, MAX_NAME);
    const open = (await allLists(services.database.connection)).filter(
      (list) => list.settings.advertised || belongsTo(viewer, list),
    );
    const found = open.filter((list) => fits(list, wanted.toLowerCase())).sort(compareNames);
    const offset = offsetOf(visit.query, found.length);
    const shown = found.slice(offset, offset + LISTS_PER_PAGE);
    const markup = layout(visit, {
      title: say('lists_title'),
      isIndexed: wanted === '' && offset === 0,
      content: html`<h1>${say('lists_title')}</h1>
<p class="lead">${say('lists_intro')}</p>
${open.length > MANY && finder(visit, wanted)}
${
  shown.length === 0
    ? html`<p>${say('lists_none')}</p>`
    : html`<ul class="lists plain">
${shown.map((list) => entry(visit, list, archived.get(list.listId)))}</ul>`
}
${pages(visit, { wanted, offset, total: found.length })}`,
    });
    return htmlAnswer(markup, { visibility: viewer ? 'private' : 'public' });
  },
};

/** Lists can be sought by name where there are more. */
function finder({ say, urls }: Visit, wanted: string): Html {
  return html`<form class="search" action="${urls.path('/archives/')}">
<p class="words"><label for="name">${say('lists_find')}</label>
<span><input id="name" name="name" type="search" value="${wanted}" maxlength="${MAX_NAME}"><button type="submit">${say('search_button')}</button></span></p>
</form>`;
}

function offsetOf(query: URLSearchParams, total: number): number {
  const offset = Number(query.get('offset') ?? 0);
  return Number.isSafeInteger(offset) && offset > 0 && offset < total ? offset : 0;
}

function pages(
  { say, urls }: Visit,
  { wanted, offset, total }: { readonly wanted: string; readonly offset: number; readonly total: number },
): Html | undefined {
  if (total <= LISTS_PER_PAGE) return undefined;
  const address = (to: number): string => {
    const fields = new URLSearchParams(wanted === '' ? {} : { name: wanted });
    if (to > 0) fields.set('offset', String(to));
    return fields.size === 0 ? urls.path('/archives/') : `${urls.path('/archives/')}?${fields}`;
  };
  const behind = offset + LISTS_PER_PAGE;
  return html`<nav class="pager" aria-label="${say('page_navigation')}">
${offset > 0 ? html`<a rel="prev" href="${address(Math.max(0, offset - LISTS_PER_PAGE))}">← ${say('page_previous')}</a>` : html`<span></span>`}
${behind < total && html`<a rel="next" href="${address(behind)}">${say('page_next')} →</a>`}
</nav>`;
}

function fits({ listName, settings }: MailingList, wanted: string): boolean {
  return `${listName} ${settings.display_name} ${settings.description}`.toLowerCase().includes(wanted);
}

function compareNames(a: MailingList, b: MailingList): number {
  return a.listName < b.listName ? -1 : a.listName > b.listName ? 1 : a.listId < b.listId ? -1 : 1;
}

function entry({ say, urls }: Visit, list: MailingList, archived: ArchivedList | undefined): Html {
  const { display_name, description } = list.settings;
  return html`<li>
<h2><a href="${urls.list(list)}"><bdi>${display_name || list.listName}</bdi></a>${
    !isPublic(list) && html` <span class="badge">${say('lists_private')}</span>`
  }</h2>
${description && html`<p dir="auto">${description}</p>`}
<p class="meta">${postingAddress(list)}${
    archived &&
    archived.lastDate !== undefined &&
    html` <span class="dot">·</span> ${say.count('messages', archived.messages)} <span class="dot">·</span> ${say('lists_last')} ${dayTag(archived.lastDate, say)}`
  }</p>
</li>
`;
}
