import { redirect } from '../answer.ts';
import { visitList } from '../archive/list-visit.ts';
import { monthPath } from '../archive/times.ts';
import type { Page } from '../page.ts';

/** HyperKitty's page of a day leads to its month. */
export const day: Page = {
  path: '/archives/list/:list/:year(^\\d{4}$)/:month(^\\d{1,2}$)/:day(^\\d{1,2}$)/',
  get: async (plain) => {
    const { urls, list, params } = await visitList(plain);
    return redirect(urls.list(list, monthPath(Number(params.year), Number(params.month))), 302);
  },
};
