import { redirect } from '../answer.ts';
import type { Page } from '../page.ts';
import type { Visit } from '../visit.ts';

/** Where HyperKitty is installed in other places than `/archives/`, its addresses go on there. */
function toArchives({ path, urls, query }: Visit) {
  const rest = path.replace(/^(?:\/mailman3)?\/hyperkitty\//, '');
  return redirect(urls.path(`/archives/${rest}`) + (query.size > 0 ? `?${query}` : ''), 301);
}

export const hyperkitty: Page = { path: '/hyperkitty/*', get: toArchives };
