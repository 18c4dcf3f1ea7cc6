import { createHash } from 'node:crypto';
import { addressKey, domainKey } from '../../src/model/email-address.ts';

/** Which members change sides. */
export type Choice =
  | { readonly kind: 'percent'; readonly percent: number }
  | { readonly kind: 'domain'; readonly domain: string }
  | { readonly kind: 'addresses'; readonly addresses: readonly string[] }
  | { readonly kind: 'all' };

/**
 * The chosen ones of a list's members.
 * @param members keys of addresses
 * @returns keys; a larger percentage has all those of a smaller one, so that a list is handed over batch by batch
 */
export function chooseMembers(members: readonly string[], choice: Choice): string[] {
  switch (choice.kind) {
    case 'all':
      return [...members];
    case 'percent': {
      const ranked = members
        .map((key) => ({ key, rank: createHash('sha256').update(key).digest('hex') }))
        .sort((a, b) => (a.rank < b.rank ? -1 : 1));
      return ranked.slice(0, Math.ceil((members.length * choice.percent) / 100)).map(({ key }) => key);
    }
    case 'domain': {
      const domain = domainKey(choice.domain);
      return members.filter((key) => key.slice(key.lastIndexOf('@') + 1) === domain);
    }
    case 'addresses': {
      const wanted = new Set(choice.addresses.map(addressKey));
      return members.filter((key) => wanted.has(key));
    }
  }
}

/** Addresses that were named one by one, and are of no member: as they were written. */
export function strangersIn(members: readonly string[], choice: Choice): string[] {
  if (choice.kind !== 'addresses') return [];
  const known = new Set(members);
  return choice.addresses.filter((address) => !known.has(addressKey(address)));
}
