import { redirect } from '../answer.ts';
import type { Page } from '../page.ts';
import { asset } from '../static/index.ts';

/** Asked for by browsers that show something else than a page of ours, such as a picture. */
export const favicon: Page = {
  path: '/favicon.ico',
  get: ({ urls }) => redirect(urls.path(asset('icon.svg')), 302),
};
