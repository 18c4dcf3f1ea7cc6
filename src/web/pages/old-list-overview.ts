import { redirect } from '../answer.ts';
import { NotFoundError } from '../errors.ts';
import type { Page } from '../page.ts';

/** The list of lists on Mailman 2.1. */
export const oldListOverview: Page = {
  path: '/mailman/listinfo/',
  get: ({ services, urls }) => {
    if (!services.config.legacy.urls) throw new NotFoundError();
    return redirect(urls.path('/archives/'), 301);
  },
};
