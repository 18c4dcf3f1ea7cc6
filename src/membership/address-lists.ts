import type { Connection } from '../database/handle.ts';
import { findList } from '../database/lists.ts';
import { findMembers } from '../database/members.ts';
import { addressKey } from '../model/email-address.ts';
import type { MailingList } from '../model/mailing-list.ts';
import { tryCompilePattern } from '../model/pattern.ts';

/**
 * Whether a list of addresses, as list owners write them, names somebody: an address, a regular expression beginning
 * with `^`, or `@list`: the members of another list of this server (`@list` of the same domain, or `@list@domain`).
 */
export async function matchesAddressList(
  connection: Connection,
  list: MailingList,
  entries: readonly string[],
  key: string,
): Promise<boolean> {
  for (const entry of entries) {
    if (entry.startsWith('^')) {
      if (tryCompilePattern(entry)?.test(key)) return true;
    } else if (entry.startsWith('@')) {
      if (await isMemberOf(connection, list, entry.slice(1), key)) return true;
    } else if (addressKey(entry) === key) return true;
  }
  return false;
}

async function isMemberOf(
  connection: Connection,
  list: MailingList,
  name: string,
  key: string,
): Promise<boolean> {
  const other = await findList(connection, name.includes('@') ? name : `${name}@${list.mailHost}`);
  if (!other || other.listId === list.listId) return false;
  return (await findMembers(connection, other.listId, 'member', [key])).size > 0;
}
