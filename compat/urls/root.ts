import type { Page } from '../../src/web/page.ts';
import { listinfoOverview } from './listinfo-overview.ts';

/** `/mailman/` itself, which many web servers led to the public lists. */
export const root: Page = { ...listinfoOverview, path: '/mailman/' };
