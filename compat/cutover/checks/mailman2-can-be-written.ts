import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { listFolder } from '../../../migrate/site/site.ts';
import { reasonOf } from '../../../src/config/reasons.ts';
import type { Check } from './check.ts';

/** A list changes hands under Mailman 2's own lock, and files in its folder are put aside or written. */
export const mailman2CanBeWritten: Check = {
  name: 'Mailman 2 can be written to',
  run: async ({ site, cutover }) => {
    if (!site) return undefined;
    for (const folder of [join(site.path, 'locks'), listFolder(site, cutover.mailman2Name)]) {
      try {
        accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
      } catch (error) {
        return `nothing can be written to ${folder} of Mailman 2 (${reasonOf(error)}): run this as the account that Mailman 2 runs under`;
      }
    }
    return undefined;
  },
};
