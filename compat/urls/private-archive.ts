import { oldLinkAnswer } from '../../src/web/archive/old-links.ts';
import type { Page } from '../../src/web/page.ts';

/** Addresses of the private archives of Mailman 2.1. */
export const oldPrivateArchive: Page = {
  path: '/mailman/private/*',
  get: oldLinkAnswer,
  post: oldLinkAnswer,
  takesForeignForms: true,
};
