import { createHash } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * The Message-ID-Hash of Mailman and HyperKitty: base32 (RFC 4648 6) of the SHA-1 of the Message-ID without its angle
 * brackets.
 * @param messageId as it stands in the header, one character per byte
 */
export function messageIdHash(messageId: string): string {
  const inside = messageId.startsWith('<') && messageId.endsWith('>') ? messageId.slice(1, -1) : messageId;
  const digest = createHash('sha1').update(Buffer.from(inside, 'latin1')).digest();
  let bits = 0;
  let pending = 0;
  let hash = '';
  // 160 bits are 32 characters without a remainder.
  for (const byte of digest) {
    pending = (pending << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) hash += ALPHABET[(pending >>> (bits - 5)) & 31] ?? '';
    pending &= (1 << bits) - 1;
  }
  return hash;
}
