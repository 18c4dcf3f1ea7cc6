import { rosterPage } from '../../../database/member-pages.ts';
import type { RosterEntry } from '../../../database/roster.ts';
import { isHidden, maySeeRoster, type Standing } from '../../../membership/roster-visibility.ts';
import { ForbiddenError, SignInNeededError } from '../../errors.ts';
import { type Html, html } from '../../html.ts';
import { type DoorVisit, doorPage, doorPath, ownMemberships, visitDoor } from '../../lists/list-door.ts';
import { runsList } from '../../lists/standing.ts';
import type { Page } from '../../page.ts';
import { obscureText } from '../../text/obscure.ts';

const MEMBERS_PER_PAGE = 200;
const MOST_MEMBERS = 10_000_000;

/** The members, for those whom the list lets see them: `roster` of Mailman 2.1. */
export const members: Page = {
  path: '/lists/:list/members/',
  get: async (plain) => {
    const visit = await visitDoor(plain);
    const { list, viewer, services, say, query, title } = visit;
    const standing = await standingOf(visit);
    if (!maySeeRoster(list, standing)) {
      if (viewer) throw new ForbiddenError('error_members_hidden');
      throw new SignInNeededError(`The members of ${list.listId} are not shown to everybody`);
    }
    const start = startOf(query.get('start'));
    const page = { start, count: MEMBERS_PER_PAGE };
    const { rows, total } = await rosterPage(services.database.connection, list.listId, 'member', page);
    const shown = rows.filter((entry) => standing === 'moderator' || !isHidden(entry));
    return doorPage(visit, {
      title: say('members_title'),
      content: html`<h1>${say('members_heading', { list: title })}</h1>
<p class="lead">${say.count('members', total)}${standing !== 'moderator' && html` · ${say('members_some_hidden')}`}</p>
<ul class="plain roster">
${shown.map((entry) => item(visit, entry, standing))}</ul>
${pager(visit, start, total)}`,
    });
  },
};

async function standingOf(visit: DoorVisit): Promise<Standing> {
  if (runsList(visit.viewer, visit.list)) return 'moderator';
  return (await ownMemberships(visit)).length > 0 ? 'member' : 'stranger';
}

function item(
  { list, say }: DoorVisit,
  { member, displayName, preferences }: RosterEntry,
  standing: Standing,
): Html {
  const isObscured = list.settings.obscure_addresses && standing === 'stranger';
  const address = isObscured ? obscureText(member.originalEmail) : member.originalEmail;
  return html`<li><span>${address}</span>${displayName && html` <bdi class="quiet">${isObscured ? obscureText(displayName) : displayName}</bdi>`}${
    preferences.delivery_mode !== 'regular' && html` <span class="badge">${say('members_digest')}</span>`
  }</li>\n`;
}

function startOf(text: string | null): number {
  const start = Number(text ?? 0);
  return Number.isSafeInteger(start) && start > 0 && start < MOST_MEMBERS ? start : 0;
}

function pager({ say, urls, list }: DoorVisit, start: number, total: number): Html | false {
  const path = urls.path(doorPath(list, 'members/'));
  const behind = start + MEMBERS_PER_PAGE;
  return (
    total > MEMBERS_PER_PAGE &&
    html`<nav class="pager" aria-label="${say('page_navigation')}">
${start > 0 ? html`<a rel="prev" href="${path}?start=${Math.max(0, start - MEMBERS_PER_PAGE)}">← ${say('page_previous')}</a>` : html`<span></span>`}
${behind < total && html`<a rel="next" href="${path}?start=${behind}">${say('page_next')} →</a>`}
</nav>`
  );
}
