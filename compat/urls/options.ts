import type { Page } from '../../src/web/page.ts';
import type { Visit } from '../../src/web/visit.ts';
import { filledQuery, oldField, toNewPage } from './old-page.ts';

/** `/mailman/options/LIST` and `/mailman/options/LIST/ADDRESS`: mails of many years link to them. */
function toOptions(visit: Visit) {
  return toNewPage(
    visit,
    `options/${filledQuery({ email: addressOf(visit) })}`,
    visit.form.size > 0 ? 303 : 302,
  );
}

export const options: Page = {
  path: '/mailman/options/:name/',
  get: toOptions,
  post: toOptions,
  takesForeignForms: true,
};

export const optionsOfAddress: Page = { ...options, path: '/mailman/options/:name/*' };

/** `anne--at--example.com` is how Mailman 2.1 hides addresses from harvesters. */
function addressOf(visit: Visit): string | null {
  const rest = (visit.params['*'] ?? '').replace(/\/+$/, '');
  return rest === '' ? oldField(visit, 'email') : rest.replace('--at--', '@').replaceAll('--dot--', '.');
}
