import { addressKey } from '../../src/model/email-address.ts';
import { type PickleValue, PyBytes } from '../pickle/values.ts';
import type { TextDecoding } from './charset.ts';

/**
 * The address as its owner wrote it. The roster dictionaries of Mailman 2.1 have it as value under the lower-case
 * key, or 0 where the key says it all.
 */
export function addressOf(texts: TextDecoding, key: PickleValue, written: PickleValue): string {
  const spelled =
    typeof written === 'string' || written instanceof PyBytes ? texts.read(written, 'members') : undefined;
  return spelled || texts.read(key, 'members') || '';
}

/** Whether two spellings are the same mailbox. */
export function sameMailbox(one: string, other: string): boolean {
  return addressKey(one) === addressKey(other);
}
