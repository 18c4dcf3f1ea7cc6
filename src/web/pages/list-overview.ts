import { postingAddress, subAddress } from '../../model/mailing-list.ts';
import { activityPicture } from '../archive/activity.ts';
import { type ListVisit, listNav, listPage, visitList } from '../archive/list-visit.ts';
import { authorLink } from '../archive/people.ts';
import { threadList } from '../archive/thread-list.ts';
import { dayTag } from '../archive/times.ts';
import { type Html, html } from '../html.ts';
import { doorPath } from '../lists/list-door.ts';
import type { Page } from '../page.ts';
import { ownersText } from '../text/owners-text.ts';

const RECENT = 12;
const ACTIVE = 6;
const POSTERS = 10;
const ACTIVE_PERIOD = 30 * 86_400_000;

/** What a list is about, what is going on there, and the way into its archive. */
export const listOverview: Page = {
  path: '/archives/list/:list/',
  get: async (plain) => {
    const visit = await visitList(plain);
    const { list, title, say, archived } = visit;
    return listPage(visit, {
      title,
      trail: [],
      modified: archived?.lastDate,
      description: list.settings.description || undefined,
      content: html`<h1><bdi>${title}</bdi></h1>
${list.settings.description && html`<p class="lead" dir="auto">${list.settings.description}</p>`}
${listNav(visit, 'overview')}
${archived && archived.messages > 0 ? await archiveSections(visit, archived.id) : html`<p>${say('list_empty')}</p>`}
${about(visit)}`,
    });
  },
};

async function archiveSections(visit: ListVisit, id: number): Promise<Html> {
  const { archive, say, urls, list, archived } = visit;
  // By the last post, not by the clock: the page of a quiet list stays the same.
  const now = Date.now();
  const since = now - ACTIVE_PERIOD - (now % 3_600_000);
  const [recent, active, months, posters] = await Promise.all([
    archive.recentThreads(id, { limit: RECENT }),
    archive.activeThreads(id, since, ACTIVE),
    archive.months(id),
    archive.topPosters(id, POSTERS),
  ]);
  const picture = activityPicture(months, say);
  return html`<div class="overview">
<section aria-labelledby="recent">
<h2 id="recent">${say('list_recent')}</h2>
${threadList(recent.items, visit)}
<p><a href="${urls.list(list, 'latest/')}">${say('list_all_threads')}</a></p>
</section>
<div class="side">
<section aria-labelledby="activity">
<h2 id="activity">${say('list_activity')}</h2>
${picture}
<p class="meta">${archived && say.count('messages', archived.messages)}${
    archived?.firstDate !== undefined && html` ${say('list_since', { date: say.day(archived.firstDate) })}`
  }</p>
<p><a href="${urls.list(list, 'months/')}">${say('list_all_months')}</a></p>
</section>
${
  active.length > 0 &&
  html`<section aria-labelledby="active">
<h2 id="active">${say('list_active')}</h2>
${threadList(active, visit)}
</section>`
}
<section aria-labelledby="posters">
<h2 id="posters">${say('list_posters')}</h2>
<ol class="posters plain">
${posters.map(({ sender, messages }) => html`<li>${authorLink(sender, visit)} <span class="meta">${say.number(messages)}</span></li>\n`)}</ol>
</section>
</div>
</div>`;
}

function about(visit: ListVisit): Html {
  const { list, say, urls, archived } = visit;
  const { info } = list.settings;
  const address = postingAddress(list);
  const contact = subAddress(list, 'owner');
  return html`<section class="about" aria-labelledby="about">
<h2 id="about">${say('list_about')}</h2>
${info && html`<div class="text">${ownersText(info, visit)}</div>`}
<dl class="facts">
<dt>${say('list_address')}</dt><dd><a href="mailto:${encodeURIComponent(address)}">${address}</a></dd>
<dt>${say('list_owner')}</dt><dd><a href="mailto:${encodeURIComponent(contact)}">${contact}</a></dd>
${
  archived?.firstDate !== undefined &&
  archived.lastDate !== undefined &&
  html`<dt>${say('list_archive')}</dt><dd>${dayTag(archived.firstDate, say)} – ${dayTag(archived.lastDate, say)}, ${say.count('threads', archived.threads)}</dd>`
}
</dl>
<ul class="actions">
<li><a class="button" href="${urls.path(doorPath(list))}">${say('list_membership')}</a></li>
${archived && html`<li><a href="${urls.list(list, `export/${list.listName}.mbox.gz`)}" rel="nofollow">${say('list_download')} (mbox.gz)</a></li>`}
<li><a href="${urls.list(list, 'feed/')}">${say('nav_feed')} (Atom)</a></li>
</ul>
</section>`;
}
