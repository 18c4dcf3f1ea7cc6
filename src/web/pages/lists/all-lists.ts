import { redirect } from '../../answer.ts';
import type { Page } from '../../page.ts';

/** All lists are shown in one place, with their archives. */
export const allLists: Page = {
  path: '/lists/',
  get: ({ urls }) => redirect(urls.path('/archives/'), 302),
};
