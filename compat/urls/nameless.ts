import type { Page } from '../../src/web/page.ts';
import { listinfoOverview } from './listinfo-overview.ts';

/** Pages of members whose list is missing in the address lead to the lists. */
export const nameless: readonly Page[] = ['confirm', 'options', 'roster', 'subscribe'].map((name) => ({
  ...listinfoOverview,
  path: `/mailman/${name}/`,
}));
