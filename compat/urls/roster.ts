import type { Page } from '../../src/web/page.ts';
import { toNewPage } from './old-page.ts';

/** `/mailman/roster/LIST`: the members, for those who may see them. */
export const roster: Page = {
  path: '/mailman/roster/:name/',
  get: (visit) => toNewPage(visit, 'members/'),
  post: (visit) => toNewPage(visit, 'members/', 303),
  takesForeignForms: true,
};
