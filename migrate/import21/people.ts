import { addressKey } from '../../src/model/email-address.ts';
import { type PickleValue, PyBytes } from '../pickle/values.ts';
import type { TextDecoding } from './charset.ts';

/** The longest address that the database keeps, in characters. */
const LONGEST_ADDRESS = 320;

/**
 * The address as its owner wrote it. The roster dictionaries of Mailman 2.1 have it as value under the lower-case
 * key, or 0 where the key says it all.
 */
export function addressOf(texts: TextDecoding, key: PickleValue, written: PickleValue): string {
  const spelled =
    typeof written === 'string' || written instanceof PyBytes ? texts.read(written, 'members') : undefined;
  return spelled || texts.read(key, 'members') || '';
}

/** Whether this can be kept as somebody's address, valid or not: Mailman 2.1 has been known to let odd ones in. */
export function isUsableAddress(address: string): boolean {
  return (
    address !== '' &&
    // For MariaDB, blanks at the end make no difference.
    address === address.trim() &&
    Math.max(address.length, addressKey(address).length) <= LONGEST_ADDRESS &&
    !/\p{Cc}/u.test(address)
  );
}
