import { domainKey, isValidDomain } from '../../src/model/email-address.ts';
import { type Site, textSetting } from './site.ts';
import type { DomainOf } from './source-list.ts';

/**
 * What an administrator should look at before a list gets a domain of its own here: one that its site does not name as its
 * own, such as the name that a machine once had. @returns undefined where somebody has said the domain, or the site knows it
 */
export function unknownDomain(
  site: Site,
  listName: string,
  mailHost: string,
  domainOf: DomainOf,
): string | undefined {
  if (domainOf.has(listName)) return undefined;
  const advice = `--domain-of ${listName}=DOMAIN says another one`;
  if (!isValidDomain(mailHost) || !mailHost.includes('.'))
    return `goes to ${mailHost}, which is no domain that mail comes to; ${advice}`;
  const known = domainsOf(site);
  if (known.size === 0 || known.has(mailHost)) return undefined;
  return `goes to the domain ${mailHost}, which is none of those in mm_cfg.py (${[...known].sort().join(', ')}); ${advice}`;
}

/** The mail domains that mm_cfg.py names. */
function domainsOf(site: Site): Set<string> {
  const styled = site.mmCfg.settings.get('POSTFIX_STYLE_VIRTUAL_DOMAINS');
  const named = [
    textSetting(site, 'DEFAULT_EMAIL_HOST'),
    ...site.mmCfg.virtualHosts.values(),
    ...(Array.isArray(styled) ? styled : []),
  ];
  return new Set(named.flatMap((name) => (typeof name === 'string' && name !== '' ? [domainKey(name)] : [])));
}
