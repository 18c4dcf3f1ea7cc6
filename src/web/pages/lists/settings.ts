import { postingAddress, subAddress } from '../../../model/mailing-list.ts';
import { html } from '../../html.ts';
import { doorPage, doorPath, mailman2sNotice, visitDoor } from '../../lists/list-door.ts';
import { settingsHelp } from '../../lists/settings-help.ts';
import type { Page } from '../../page.ts';

/** Where the settings of a list are: `admin`, `edithtml` and `rmlist` of Mailman 2.1 lead here. It is the same for everybody. */
export const settings: Page = {
  path: '/lists/:list/settings/',
  get: async (plain) => {
    const visit = await visitDoor(plain);
    const { say, urls, list } = visit;
    const owner = subAddress(list, 'owner');
    return doorPage(visit, {
      title: say('settings_title'),
      content: html`<h1>${say('settings_title')}</h1>
<p class="lead">${say('settings_moved')}</p>
${visit.isMailman2s && mailman2sNotice(visit)}
<ul class="actions">
<li><a class="button" href="${urls.path(doorPath(list, 'moderation/'))}">${say('moderation_title')}</a></li>
<li><a class="button second" href="${urls.path(doorPath(list, 'members/'))}">${say('members_title')}</a></li>
</ul>
<h2>${say('settings_by_command')}</h2>
<p>${say('settings_who', { owner })}</p>
${settingsHelp(visit, postingAddress(list))}`,
    });
  },
};
