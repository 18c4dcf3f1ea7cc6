import { findDomain } from '../../../src/database/domains.ts';
import type { Check } from './check.ts';

/** Without it, mail for the list cannot say who delivers it. */
export const aliasDomainIsSet: Check = {
  name: 'alias domain is set',
  run: async ({ services: { database }, list }) => {
    const domain = await findDomain(database.connection, list.mailHost);
    return domain?.aliasDomain
      ? undefined
      : `the domain ${list.mailHost} has no alias domain: "mailman domains ${list.mailHost} --alias-domain ferry.invalid", or set [cutover] alias_domain`;
  },
};
