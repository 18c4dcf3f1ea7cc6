import { postingAddress, subAddress } from '../../../model/mailing-list.ts';
import { isPublic } from '../../archive/list-visit.ts';
import { type Html, html } from '../../html.ts';
import { type JoinFields, joinForm, policyText } from '../../lists/join-form.ts';
import {
  type DoorVisit,
  doorPage,
  doorPath,
  isManagedHere,
  mailman2sNotice,
  ownMemberships,
  visitDoor,
} from '../../lists/list-door.ts';
import { runsList } from '../../lists/standing.ts';
import type { Page } from '../../page.ts';
import { ownersText } from '../../text/owners-text.ts';

/** What a list is about, and how to join, to change options and to leave: `listinfo` of Mailman 2.1. */
export const listInfo: Page = {
  path: '/lists/:list/',
  get: async (plain) => {
    const visit = await visitDoor(plain);
    const { query } = visit;
    return listInfoPage(visit, {
      filled: { email: query.get('email')?.slice(0, 320), name: query.get('name')?.slice(0, 200) },
    });
  },
};

/** The page, also as the answer to a form that was not filled in well. */
export async function listInfoPage(
  visit: DoorVisit,
  { filled, problem }: { readonly filled?: JoinFields; readonly problem?: string } = {},
) {
  const { list, title, say, urls, viewer } = visit;
  const { description, info, advertised } = list.settings;
  const members = await ownMemberships(visit);
  const [member] = members;
  return doorPage(visit, {
    title,
    trail: [],
    isIndexed: advertised,
    ...(problem === undefined ? {} : { status: 400 }),
    description: description || undefined,
    content: html`<h1><bdi>${title}</bdi></h1>
${description && html`<p class="lead" dir="auto">${description}</p>`}
${runsList(viewer, list) && html`<p><a class="button second" href="${urls.path(doorPath(list, 'moderation/'))}">${say('moderation_title')}</a></p>`}
<div class="overview">
<div>
${info && html`<section class="prose" dir="auto">${ownersText(info, { isObscured: false })}</section>`}
<section class="join" aria-labelledby="join">
<h2 id="join">${say(member ? 'info_member_title' : 'join_title', { list: title })}</h2>
${
  member
    ? memberSection(visit, member.originalEmail, await isManagedHere(visit, member))
    : visit.isMailman2s
      ? mailman2sNotice(visit)
      : html`<p>${policyText(visit)}</p>
${joinForm(visit, filled, problem)}`
}
</section>
</div>
<div class="side">
${useSection(visit)}
${!member && !isAllAtMailman2(visit) && leaveSection(visit)}
</div>
</div>`,
  });
}

function memberSection(visit: DoorVisit, email: string, isHere: boolean): Html {
  const { say, urls, list } = visit;
  if (!isHere) return mailman2sNotice(visit);
  return html`<p>${say('info_member', { email })}</p>
<p><a class="button" href="${urls.path(doorPath(list, 'options/'))}">${say('options_title')}</a></p>`;
}

/** Where to write, to read, and whom to ask. */
function useSection({ say, urls, list }: DoorVisit): Html {
  const posting = postingAddress(list);
  const owner = subAddress(list, 'owner');
  const { archive_policy } = list.settings;
  return html`<section aria-labelledby="use">
<h2 id="use">${say('info_use')}</h2>
<dl class="facts narrow">
<dt>${say('info_post')}</dt><dd><a href="mailto:${encodeURIComponent(posting)}">${posting}</a></dd>
${
  archive_policy !== 'never' &&
  html`<dt>${say('list_archive')}</dt><dd><a href="${urls.list(list)}">${say('info_read')}</a>${
    !isPublic(list) && html` <span class="badge">${say('lists_private')}</span>`
  }</dd>`
}
<dt>${say('members_title')}</dt><dd><a href="${urls.path(doorPath(list, 'members/'))}" rel="nofollow">${say('info_members')}</a></dd>
<dt>${say('list_owner')}</dt><dd><a href="mailto:${encodeURIComponent(owner)}">${owner}</a></dd>
</dl>
</section>`;
}

/** Alongside, members who were handed over have their options here. */
function isAllAtMailman2({ isMailman2s, cutover }: DoorVisit): boolean {
  return isMailman2s && cutover?.stage !== 'alongside';
}

function leaveSection({ say, urls, list }: DoorVisit): Html {
  return html`<section aria-labelledby="leave">
<h2 id="leave">${say('info_options')}</h2>
<p>${say('info_leave')}</p>
<p><a class="button second" href="${urls.path(doorPath(list, 'options/'))}" rel="nofollow">${say('info_leave_link')}</a></p>
</section>`;
}
