import { addressKey } from '../../model/email-address.ts';
import { postingAddress } from '../../model/mailing-list.ts';
import { tryCompilePattern } from '../../model/pattern.ts';
import { mailboxesIn } from '../mailboxes.ts';
import type { Rule } from '../post.ts';

const DESTINATIONS = ['To', 'Cc', 'Resent-To', 'Resent-Cc'];

export const implicitDestination: Rule = {
  name: 'implicit-dest',
  description: 'Neither the list nor one of its aliases is among the addresses in the headers.',
  record: true,
  check: async ({ list, message: { headers }, metadata }) => {
    if (!list.settings.require_explicit_destination || metadata.fromusenet) return null;
    const destinations = mailboxesIn(headers, ...DESTINATIONS);
    const keys = destinations.map(({ address }) => addressKey(address));
    const isExplicit =
      keys.includes(postingAddress(list)) ||
      list.settings.acceptable_aliases.some((alias) => matches(alias, keys));
    return isExplicit ? null : ['Message has implicit destination'];
  },
};

/** An alias is an address, or a regular expression that begins with `^`. */
function matches(alias: string, keys: readonly string[]): boolean {
  if (!alias.startsWith('^')) return keys.includes(addressKey(alias));
  const pattern = tryCompilePattern(alias);
  return pattern !== undefined && keys.some((key) => pattern.test(key));
}
