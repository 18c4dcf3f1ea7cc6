import type { Connection } from '../database/handle.ts';
import { updateSettings } from '../database/lists.ts';
import { hashPassword, isLegacyPassword, verifyPassword } from '../membership/passwords.ts';
import type { MailingList } from '../model/mailing-list.ts';

export type ListPasswordRole = 'admin' | 'moderator' | 'poster';

/** Whether a password is one of those that a list has for these roles. In a transaction. */
export async function verifiesListPassword(
  connection: Connection,
  list: MailingList,
  password: string,
  roles: readonly ListPasswordRole[],
): Promise<boolean> {
  return (await roleOfListPassword(connection, list, password, roles)) !== undefined;
}

/**
 * The role whose password this is. One that is still in a form of Mailman 2.1 is stored by a modern hash from then on. In a
 * transaction.
 * @returns undefined where it fits none
 */
export async function roleOfListPassword(
  connection: Connection,
  list: MailingList,
  password: string,
  roles: readonly ListPasswordRole[],
): Promise<ListPasswordRole | undefined> {
  for (const role of roles) {
    const stored = list.settings[`${role}_password`];
    if (stored === null || !(await verifyPassword(stored, password))) continue;
    if (isLegacyPassword(stored))
      await updateSettings(connection, list, { [`${role}_password`]: await hashPassword(password) });
    return role;
  }
  return undefined;
}
