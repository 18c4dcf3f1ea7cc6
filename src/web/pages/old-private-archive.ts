import { oldLinkAnswer } from '../archive/old-links.ts';
import type { Page } from '../page.ts';

/** Addresses of the private archives of Mailman 2.1. */
export const oldPrivateArchive: Page = { path: '/mailman/private/*', get: oldLinkAnswer };
