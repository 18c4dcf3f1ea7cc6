import type { Page } from '../../src/web/page.ts';
import { admin } from './admin.ts';

/** `/mailman/rmlist/LIST`: removing a list, which nobody does on the web any more. */
export const rmlist: Page = { ...admin, path: '/mailman/rmlist/:name/' };
