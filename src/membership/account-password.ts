import { addressesOfUser } from '../database/addresses.ts';
import type { Connection } from '../database/handle.ts';
import { membershipsOfAll, updateMember } from '../database/members.ts';
import { updateUser } from '../database/users.ts';
import { sameText } from '../http/constant-time.ts';
import type { Member } from '../model/member.ts';
import type { User } from '../model/user.ts';
import { hashPassword } from './passwords.ts';

/**
 * Gives an account this password, stored by a modern hash. It is the only one from then on: the ones that Mailman 2.1 had
 * in clear for its memberships go away. In a transaction.
 */
export async function setAccountPassword(
  connection: Connection,
  user: User,
  password: string,
): Promise<User> {
  const changed = { ...user, password: await hashPassword(password) };
  await updateUser(connection, changed);
  await forgetOldPasswords(connection, user.userId);
  return changed;
}

/** Takes the passwords of Mailman 2.1 away from all memberships of a user. In a transaction. */
export async function forgetOldPasswords(connection: Connection, userId: string): Promise<void> {
  const addresses = await addressesOfUser(connection, userId);
  const memberships = await membershipsOfAll(
    connection,
    addresses.map(({ addressId }) => addressId),
  );
  for (const member of memberships) {
    if (member.legacy?.password === undefined) continue;
    const { password: _, ...legacy } = member.legacy;
    await updateMember(connection, { ...member, legacy });
  }
}

/**
 * Whether an account runs a list or the server. No password that Mailman 2.1 had for a membership opens such an account:
 * it ran nothing there, and the owner of that one list could choose it, subscribing somebody.
 */
export async function runsAnything(connection: Connection, user: User): Promise<boolean> {
  if (user.isServerOwner) return true;
  const addresses = await addressesOfUser(connection, user.userId);
  const memberships = await membershipsOfAll(
    connection,
    addresses.map(({ addressId }) => addressId),
  );
  return memberships.some(({ role }) => role === 'owner' || role === 'moderator');
}

/** Whether this is the password that Mailman 2.1 had in clear for a membership; an empty one fits nothing. */
export function isOldPassword({ legacy }: Member, password: string): boolean {
  const old = legacy?.password ?? '';
  return old !== '' && sameText(old, password);
}
