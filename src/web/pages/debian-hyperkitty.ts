import type { Page } from '../page.ts';
import { hyperkitty } from './hyperkitty.ts';

/** HyperKitty's place as Debian installs it. */
export const debianHyperkitty: Page = { ...hyperkitty, path: '/mailman3/hyperkitty/*' };
