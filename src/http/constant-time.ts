import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Whether two texts are the same, in a time that does not tell where they begin to differ or how long the secret is:
 * for passwords of the configuration, tokens and keys. Stored hashes of passwords go through membership/passwords.ts.
 */
export function sameText(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
