import type { Page } from '../../src/web/page.ts';
import type { Visit } from '../../src/web/visit.ts';
import { filledQuery, oldField, toNewPage } from './old-page.ts';

/**
 * `/mailman/subscribe/LIST`: forms on other sites still send here. Mailman 2.1 subscribed at once, even by GET; here the form is shown,
 * filled in, for one more click. A password that came along is dropped.
 */
function toForm(visit: Visit) {
  const filled = filledQuery({ email: oldField(visit, 'email'), name: oldField(visit, 'fullname') });
  return toNewPage(visit, `${filled}#join`, visit.form.size > 0 ? 303 : 302);
}

export const subscribe: Page = {
  path: '/mailman/subscribe/:name/',
  get: toForm,
  post: toForm,
  takesForeignForms: true,
};
