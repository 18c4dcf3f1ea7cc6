import { redirect } from '../answer.ts';
import type { Page } from '../page.ts';

/** The address of the site itself leads to the lists. */
export const root: Page = {
  path: '/',
  get: ({ urls }) => redirect(urls.path('/archives/'), 302),
};
