import { redirect } from '../../src/web/answer.ts';
import type { Page } from '../../src/web/page.ts';
import { requireOldUrls } from './old-page.ts';

/** `/mailman/listinfo`: the public lists. */
export const listinfoOverview: Page = {
  path: '/mailman/listinfo/',
  get: (visit) => {
    requireOldUrls(visit);
    return redirect(visit.urls.path('/archives/'), 301);
  },
};
