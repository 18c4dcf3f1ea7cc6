import { bansFor } from '../database/bans.ts';
import type { Connection } from '../database/handle.ts';
import type { Ban } from '../model/ban.ts';
import { addressKey } from '../model/email-address.ts';
import { type Pattern, tryCompilePattern } from '../model/pattern.ts';

/** Tells whether an address (its key) is banned. */
export type BanCheck = (key: string) => boolean;

/** The bans of a list and of the site as one check. */
export async function banCheck(connection: Connection, listId: string): Promise<BanCheck> {
  return compileBans(await bansFor(connection, listId));
}

/** An address is banned by itself or by a regular expression (starting with `^`); one that does not compile bans nobody. */
export function compileBans(bans: readonly Ban[]): BanCheck {
  const exact = new Set<string>();
  const patterns: Pattern[] = [];
  for (const { email } of bans) {
    if (!email.startsWith('^')) exact.add(addressKey(email));
    else {
      const pattern = tryCompilePattern(email);
      if (pattern) patterns.push(pattern);
    }
  }
  return (key) => exact.has(key) || patterns.some((pattern) => pattern.test(key));
}
