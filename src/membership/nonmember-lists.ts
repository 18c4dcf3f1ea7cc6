import type { Connection } from '../database/handle.ts';
import { addressKey } from '../model/email-address.ts';
import type { Action } from '../model/enums.ts';
import type { MailingList } from '../model/mailing-list.ts';
import { matchesAddressList } from './address-lists.ts';

const LISTS = [
  ['accept_these_nonmembers', 'defer'],
  ['hold_these_nonmembers', 'hold'],
  ['reject_these_nonmembers', 'reject'],
  ['discard_these_nonmembers', 'discard'],
] as const satisfies readonly (readonly [string, Action])[];

/**
 * What the four lists of addresses say about somebody who is no member; the first that names him decides. An entry is
 * an address, a regular expression beginning with `^`, or `@list` for the members of another list.
 */
export async function nonmemberListAction(
  connection: Connection,
  list: MailingList,
  key: string,
): Promise<Action | undefined> {
  for (const [name, action] of LISTS) {
    if (await matchesAddressList(connection, list, list.settings[name], addressKey(key))) return action;
  }
  return undefined;
}
