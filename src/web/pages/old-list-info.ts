import { redirect } from '../answer.ts';
import { listChoice, listsCalled } from '../archive/old-links.ts';
import { NotFoundError } from '../errors.ts';
import type { Page } from '../page.ts';

/** The page of a list on Mailman 2.1. */
export const oldListInfo: Page = {
  path: '/mailman/listinfo/:name/',
  get: async (visit) => {
    const { services, params, urls } = visit;
    const lists = services.config.legacy.urls
      ? await listsCalled(visit, (params.name ?? '').toLowerCase())
      : [];
    const [list] = lists;
    if (!list) throw new NotFoundError('error_list_not_found');
    if (lists.length > 1) return listChoice(visit, params.name ?? '', lists, (one) => urls.list(one));
    return redirect(urls.list(list), 301);
  },
};
