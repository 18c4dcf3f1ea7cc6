import { PyBytes, type PyDict } from '../../../migrate/pickle/values.ts';
import { dict, type OpenList, without } from './list-file.ts';
import { log } from './logs.ts';

/** What a list knows of its members, by their addresses. */
export const OF_MEMBERS = [
  ...['members', 'digest_members', 'delivery_status', 'user_options', 'passwords', 'language', 'usernames'],
  ...['bounce_info', 'topics_userinterest'],
];

export function isMember(config: PyDict, address: string): boolean {
  return dict(config, 'members').has(address) || dict(config, 'digest_members').has(address);
}

/** @param entry an address, perhaps with a name; `whence` is for the log. @returns false where there is such a member */
export function addMember({ config, name, varDir }: OpenList, entry: string, whence: string): boolean {
  const address = /<([^>]*)>/.exec(entry)?.[1] ?? entry;
  const key = address.toLowerCase();
  if (isMember(config, key)) return false;
  dict(config, 'members').set(PyBytes.utf8(key), key === address ? 0 : PyBytes.utf8(address));
  log(varDir, 'subscribe', `${name}: new ${address}, ${whence}`);
  return true;
}

/** @param address lower case. @returns false where there is no such member */
export function removeMember({ config, name, varDir }: OpenList, address: string, whence: string): boolean {
  if (!isMember(config, address)) return false;
  for (const part of OF_MEMBERS) without(config, part, address);
  log(varDir, 'subscribe', `${name}: deleted ${address}; ${whence}`);
  return true;
}
