import type { Connection } from '../database/handle.ts';
import { updateSettings } from '../database/lists.ts';
import { hashPassword, isLegacyPassword, verifyPassword } from '../membership/passwords.ts';
import { verifiesSitePassword } from '../membership/site-password.ts';
import type { MailingList } from '../model/mailing-list.ts';

export type ListPasswordRole = 'admin' | 'moderator' | 'poster';

/**
 * What a password makes of somebody who is signed in: as in Mailman 2.1, that of the site is good for each list. One that is
 * still in a form of Mailman 2.1 is stored by a modern hash from then on. In a transaction.
 * @returns undefined where it is none of a list's administrators or moderators
 */
export async function staffRoleOfPassword(
  connection: Connection,
  list: MailingList,
  password: string,
): Promise<'owner' | 'moderator' | undefined> {
  const role = await roleOfListPassword(connection, list, password, ['admin', 'moderator']);
  if (role === 'admin' || (!role && (await verifiesSitePassword(connection, 'admin', password))))
    return 'owner';
  return role === 'moderator' ? 'moderator' : undefined;
}

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
async function roleOfListPassword(
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
