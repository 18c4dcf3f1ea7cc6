import { randomBytes } from 'node:crypto';
import { headerAddress } from '../model/email-address.ts';

/**
 * A Message-ID that nobody has used (RFC 5322 3.6.4), with its angle brackets. It is random: it tells nothing about the
 * machine, the process or the time.
 * @param domain the host name on the right, such as that of the list
 */
export function newMessageId(domain: string): string {
  return `<${randomBytes(20).toString('hex')}@${headerAddress(domain).replace(/[^\p{L}\p{N}.-]/gu, '') || 'localhost'}>`;
}
