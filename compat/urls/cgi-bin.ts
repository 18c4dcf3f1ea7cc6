import { redirect } from '../../src/web/answer.ts';
import type { Page } from '../../src/web/page.ts';
import { requireOldUrls } from './old-page.ts';

/** `/cgi-bin/mailman/…`: Debian's place for what elsewhere was `/mailman/…`. */
export const cgiBin: Page = {
  path: '/cgi-bin/mailman/*',
  get: (visit) => {
    requireOldUrls(visit);
    const { path, urls, query } = visit;
    const rest = path.replace(/^\/cgi-bin\/mailman\//, '');
    return redirect(urls.path(`/mailman/${rest}`) + (query.size > 0 ? `?${query}` : ''), 301);
  },
};
