import type { Page } from '../../src/web/page.ts';
import { toNewPage } from './old-page.ts';

/** `/mailman/listinfo/LIST`: what a list is about. Its form that chose a language led back to the page itself. */
export const listinfo: Page = {
  path: '/mailman/listinfo/:name/',
  get: (visit) => toNewPage(visit, ''),
  post: (visit) => toNewPage(visit, '', 303),
  takesForeignForms: true,
};
