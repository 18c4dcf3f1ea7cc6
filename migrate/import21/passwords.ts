import type { PyBytes } from '../pickle/values.ts';

/**
 * A stored password of Mailman 2.1 with its form in front: `mailman21:sha1:HEX`, `mailman21:md5:HEX` (raw digests of
 * very old lists) or `mailman21:crypt:TEXT`. Null where none was set, which matches nothing.
 */
export function legacyPassword(stored: PyBytes): string | null {
  const { latin1 } = stored;
  if (latin1 === '') return null;
  if (/^[0-9a-f]{40}$/.test(latin1)) return `mailman21:sha1:${latin1}`;
  if (latin1.length === 16) return `mailman21:md5:${stored.toBuffer().toString('hex')}`;
  return `mailman21:crypt:${latin1}`;
}
