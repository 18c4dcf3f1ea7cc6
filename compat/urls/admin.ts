import type { Page } from '../../src/web/page.ts';
import type { Visit } from '../../src/web/visit.ts';
import { toNewPage } from './old-page.ts';

/** `/mailman/admin/LIST/CATEGORY/…`: the settings of a list. */
function toSettings(visit: Visit) {
  return toNewPage(visit, 'settings/', visit.form.size > 0 ? 303 : 301);
}

export const admin: Page = {
  path: '/mailman/admin/:name/',
  get: toSettings,
  post: toSettings,
  takesForeignForms: true,
};

export const adminCategory: Page = { ...admin, path: '/mailman/admin/:name/*' };
