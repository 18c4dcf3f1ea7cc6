import { addressKey } from './email-address.ts';
import { type ListName, postingAddress } from './mailing-list.ts';

/** What an address of a list is for, by Mailman's names; posting has none. */
export type SubAddress = 'bounces' | 'confirm' | 'join' | 'leave' | 'owner' | 'request';

/** The words that may follow the name of a list and a dash. `-admin` was Mailman 2.1's name for `-bounces`. */
export const subAddresses: Readonly<Record<string, SubAddress>> = {
  admin: 'bounces',
  bounces: 'bounces',
  confirm: 'confirm',
  join: 'join',
  leave: 'leave',
  owner: 'owner',
  request: 'request',
  subscribe: 'join',
  unsubscribe: 'leave',
};

/** Whether an address is one of the list's own: an answer would come back. */
export function isListAddress(list: ListName, address: string): boolean {
  const key = addressKey(address);
  const at = key.lastIndexOf('@');
  const ownDomain = addressKey(postingAddress(list)).slice(list.listName.length + 1);
  if (key.slice(at + 1) !== ownDomain) return false;
  const local = key.slice(0, at);
  if (local === list.listName) return true;
  if (!local.startsWith(`${list.listName}-`)) return false;
  return Object.hasOwn(subAddresses, local.slice(list.listName.length + 1).replace(/\+.*$/s, ''));
}
