import { verifyPassword } from '../membership/passwords.ts';
import type { MailingList } from '../model/mailing-list.ts';

export type ListPasswordRole = 'admin' | 'moderator' | 'poster';

/** Whether a password is one of those that a list has for these roles. */
export async function verifiesListPassword(
  list: MailingList,
  password: string,
  roles: readonly ListPasswordRole[],
): Promise<boolean> {
  for (const role of roles) {
    if (await verifyPassword(list.settings[`${role}_password`], password)) return true;
  }
  return false;
}
