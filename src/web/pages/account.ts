import { findList } from '../../database/lists.ts';
import { postingAddress } from '../../model/mailing-list.ts';
import { htmlAnswer } from '../answer.ts';
import { SignInNeededError } from '../errors.ts';
import { html } from '../html.ts';
import { layout } from '../layout.ts';
import type { Page } from '../page.ts';

/** Who is signed in, with their addresses and lists; from here they sign out. */
export const account: Page = {
  path: '/accounts/',
  get: async (visit) => {
    const { viewer, say, urls, services, formField } = visit;
    if (!viewer) throw new SignInNeededError('sign in first');
    const own = [...viewer.roles].filter(([, roles]) => [...roles].some((role) => role !== 'nonmember'));
    const lists = await Promise.all(own.map(([listId]) => findList(services.database.connection, listId)));
    const shown = lists.flatMap((list) => list ?? []).sort((a, b) => (a.listId < b.listId ? -1 : 1));
    const markup = layout(visit, {
      title: say('account_title'),
      isIndexed: false,
      content: html`<h1>${say('account_title')}</h1>
<p class="lead">${say('account_signed_in', { name: viewer.user.displayName || (viewer.addresses[0] ?? '') })}</p>
<h2>${say('account_lists')}</h2>
${
  shown.length === 0
    ? html`<p>${say('account_no_lists')}</p>`
    : html`<ul class="plain">
${shown.map((list) => html`<li><a href="${urls.list(list)}">${list.settings.display_name || list.listName}</a> <span class="quiet">${postingAddress(list)}</span></li>\n`)}</ul>`
}
<h2>${say('account_addresses')}</h2>
<ul class="plain">
${viewer.addresses.map((address) => html`<li>${address}</li>\n`)}</ul>
<form method="post" action="${urls.path('/accounts/logout/')}">
${formField('/accounts/logout/')}
<p><button type="submit">${say('account_sign_out')}</button></p>
</form>`,
    });
    return htmlAnswer(markup, { visibility: 'private' });
  },
};
