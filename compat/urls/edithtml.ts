import type { Page } from '../../src/web/page.ts';
import { admin } from './admin.ts';

/** `/mailman/edithtml/LIST/TEMPLATE`: the texts of a list, among its settings. */
export const edithtml: Page = { ...admin, path: '/mailman/edithtml/:name/' };

export const edithtmlTemplate: Page = { ...admin, path: '/mailman/edithtml/:name/*' };
