import { findList } from '../../../database/lists.ts';
import { type MailingList, postingAddress } from '../../../model/mailing-list.ts';
import { htmlAnswer } from '../../answer.ts';
import { SignInNeededError } from '../../errors.ts';
import { type Html, html } from '../../html.ts';
import { layout } from '../../layout.ts';
import { apartPasswords } from '../../lists/apart-passwords.ts';
import { doorPath } from '../../lists/list-door.ts';
import { runsList } from '../../lists/standing.ts';
import type { Page } from '../../page.ts';

/** Who is signed in, with their addresses and lists; from here they sign out. */
export const account: Page = {
  path: '/accounts/',
  get: async (visit) => {
    const { viewer, say, urls, services, formField, query } = visit;
    if (!viewer) throw new SignInNeededError('sign in first');
    const own = [...viewer.roles].filter(([, roles]) => [...roles].some((role) => role !== 'nonmember'));
    const lists = await Promise.all(own.map(([listId]) => findList(services.database.connection, listId)));
    const shown = lists.flatMap((list) => list ?? []).sort((a, b) => (a.listId < b.listId ? -1 : 1));
    const entry = (list: MailingList): Html => {
      const path = (rest: string) => urls.path(doorPath(list, rest));
      const isMember = viewer.roles.get(list.listId)?.has('member') === true;
      return html`<li><a href="${path('')}"><bdi>${list.settings.display_name || list.listName}</bdi></a> <span class="quiet">${postingAddress(list)}</span>
<span class="links">${isMember && html`<a href="${path('options/')}">${say('options_title')}</a> `}${runsList(viewer, list) && html`<a href="${path('moderation/')}">${say('moderation_title')}</a> `}<a href="${urls.list(list)}">${say('list_archive')}</a></span></li>\n`;
    };
    const markup = layout(visit, {
      title: say('account_title'),
      isIndexed: false,
      content: html`<h1>${say('account_title')}</h1>
<p class="lead">${say('account_signed_in', { name: viewer.user.displayName || (viewer.addresses[0] ?? '') })}</p>
${query.get('password') === 'changed' && html`<p class="success" role="status">${say('password_changed')}</p>\n${await apartPasswords(visit)}`}
<h2>${say('account_lists')}</h2>
${
  shown.length === 0
    ? html`<p>${say('account_no_lists')}</p>`
    : html`<ul class="plain own-lists">
${shown.map(entry)}</ul>`
}
<h2>${say('account_addresses')}</h2>
<ul class="plain">
${viewer.addresses.map((address) => html`<li>${address}</li>\n`)}</ul>
<h2>${say('sign_in_password')}</h2>
<p><a href="${urls.path('/accounts/password/')}">${say('password_title')}</a></p>
${
  viewer.isServerOwner &&
  html`<h2>${say('cutover_title')}</h2>
<p><a href="${urls.path('/cutover/')}">${say('cutover_link')}</a></p>`
}
<form method="post" action="${urls.path('/accounts/logout/')}">
${formField('/accounts/logout/')}
<p><button type="submit">${say('account_sign_out')}</button></p>
</form>`,
    });
    return htmlAnswer(markup, { visibility: 'private' });
  },
};
