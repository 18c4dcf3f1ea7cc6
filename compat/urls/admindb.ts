import type { Page } from '../../src/web/page.ts';
import { toNewPage } from './old-page.ts';

/** `/mailman/admindb/LIST`: what waits for a moderator. The numbers of its requests are those of Mailman 2 and mean nothing here. */
export const admindb: Page = {
  path: '/mailman/admindb/:name/',
  get: (visit) => toNewPage(visit, 'moderation/'),
  post: (visit) => toNewPage(visit, 'moderation/', 303),
  takesForeignForms: true,
};

export const admindbRest: Page = { ...admindb, path: '/mailman/admindb/:name/*' };
