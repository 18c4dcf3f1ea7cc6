import { oldLinkAnswer } from '../../src/web/archive/old-links.ts';
import type { Page } from '../../src/web/page.ts';

/** Addresses of the public archives of Mailman 2.1. */
export const oldPublicArchive: Page = { path: '/pipermail/*', get: oldLinkAnswer };
