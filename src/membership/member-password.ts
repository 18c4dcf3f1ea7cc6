import { findAddress } from '../database/addresses.ts';
import type { Connection } from '../database/handle.ts';
import { updateMember } from '../database/members.ts';
import { findUser, updateUser } from '../database/users.ts';
import { sameText } from '../http/constant-time.ts';
import type { Member } from '../model/member.ts';
import type { User } from '../model/user.ts';
import { membershipsOfSubscriber } from './memberships.ts';
import { hashPassword, verifyPassword } from './passwords.ts';

/**
 * Whether a password is that of a member: the one of the account, or the one that Mailman 2.1 had for this membership.
 * @param oldOnes `[legacy] passwords`: whether the latter counts
 */
export async function verifiesMemberPassword(
  connection: Connection,
  member: Member,
  password: string,
  oldOnes: boolean,
): Promise<boolean> {
  if (oldOnes && isOldPassword(member, password)) return true;
  const user = await userOf(connection, member);
  return verifyPassword(user?.password ?? null, password);
}

/**
 * Changes the password of a member's account. An account that has one must prove that one; one that has none yet may
 * prove the password that Mailman 2.1 had for this membership. In a transaction.
 * @returns whether the old password was right
 */
export async function changeMemberPassword(
  connection: Connection,
  member: Member,
  { old, wanted, oldOnes }: { readonly old: string; readonly wanted: string; readonly oldOnes: boolean },
): Promise<boolean> {
  const user = await userOf(connection, member);
  if (!user) return false;
  const isRight =
    user.password === null ? oldOnes && isOldPassword(member, old) : await verifyPassword(user.password, old);
  if (!isRight) return false;
  await setAccountPassword(connection, user, wanted);
  return true;
}

/**
 * Gives an account a password, whatever it had before: whoever calls this knows that it is theirs. Passwords that Mailman 2.1 had
 * for its memberships stop working. In a transaction.
 */
export async function setAccountPassword(connection: Connection, user: User, wanted: string): Promise<User> {
  const changed = { ...user, password: await hashPassword(wanted) };
  await updateUser(connection, changed);
  for (const member of await membershipsOfSubscriber(connection, { userId: user.userId })) {
    if (member.legacy?.password === undefined) continue;
    const { password: _, ...legacy } = member.legacy;
    await updateMember(connection, { ...member, legacy });
  }
  return changed;
}

function isOldPassword({ legacy }: Member, password: string): boolean {
  const old = legacy?.password ?? '';
  return old !== '' && sameText(old, password);
}

async function userOf(connection: Connection, { email }: Member): Promise<User | undefined> {
  const address = await findAddress(connection, email);
  return address?.userId ? findUser(connection, address.userId) : undefined;
}
