import { htmlAnswer } from '../../src/web/answer.ts';
import { html } from '../../src/web/html.ts';
import { layout } from '../../src/web/layout.ts';
import { settingsHelp } from '../../src/web/lists/settings-help.ts';
import type { Page } from '../../src/web/page.ts';
import type { Visit } from '../../src/web/visit.ts';
import { requireOldUrls } from './old-page.ts';

/** The pages of administration that named no list: what has taken their place. */
function page(visit: Visit) {
  requireOldUrls(visit);
  const { say } = visit;
  const markup = layout(visit, {
    title: say('settings_title'),
    isIndexed: false,
    content: html`<h1>${say('settings_title')}</h1>
<p class="lead">${say('settings_moved')}</p>
${settingsHelp(visit, 'LIST@DOMAIN')}`,
  });
  return htmlAnswer(markup, { visibility: 'private' });
}

const administration: Omit<Page, 'path'> = { get: page, post: page, takesForeignForms: true };

/** `/mailman/admin`: the lists that somebody might administer. */
export const adminOverview: Page = { ...administration, path: '/mailman/admin/' };
/** `/mailman/create`: a new list. */
export const create: Page = { ...administration, path: '/mailman/create/' };
/** Old addresses whose list is missing. */
export const namelessAdministration: readonly Page[] = ['admindb', 'edithtml', 'rmlist'].map((name) => ({
  ...administration,
  path: `/mailman/${name}/`,
}));
