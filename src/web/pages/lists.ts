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

/** The lists of the site: advertised ones, and those of the viewer. */
export const lists: Page = {
  path: '/archives/',
  get: async (visit) => {
    const { services, viewer, say } = visit;
    const archive = await visit.openArchive();
    const archived = new Map((await archive.lists()).map((one) => [one.listId, one]));
    const wanted = (visit.query.get('name') ?? '').trim().toLowerCase();
    const shown = (await allLists(services.database.connection))
      .filter((list) => list.settings.advertised || belongsTo(viewer, list))
      .filter((list) => fits(list, wanted))
      .sort((a, b) => compareNames(a, b));
    const markup = layout(visit, {
      title: say('lists_title'),
      content: html`<h1>${say('lists_title')}</h1>
<p class="lead">${say('lists_intro')}</p>
${
  shown.length === 0
    ? html`<p>${say('lists_none')}</p>`
    : html`<ul class="lists plain">
${shown.map((list) => entry(visit, list, archived.get(list.listId)))}</ul>`
}`,
    });
    return htmlAnswer(markup, { visibility: viewer ? 'private' : 'public' });
  },
};

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
