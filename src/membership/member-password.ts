import type { Connection } from '../database/handle.ts';
import { findUser } from '../database/users.ts';
import type { Member } from '../model/member.ts';
import type { UtcTime } from '../model/time.ts';
import type { User } from '../model/user.ts';
import { isOldPassword, runsAnything, setAccountPassword } from './account-password.ts';
import { isLegacyPassword, verifyPassword } from './passwords.ts';
import { ensureAddresses } from './people.ts';

/** What checking the password of a member depends on. */
export interface PasswordTerms {
  /** `[legacy] passwords`: whether the ones of Mailman 2.1 count. */
  readonly oldOnes: boolean;
  readonly now: UtcTime;
}

/**
 * Whether a password is that of a member: the one of the account, or, where that has none yet, the one that Mailman 2.1
 * had for this membership, which becomes that of the account, unless that runs a list or the server. In a transaction.
 */
export async function verifiesMemberPassword(
  connection: Connection,
  member: Member,
  password: string,
  terms: PasswordTerms,
): Promise<boolean> {
  const user = await userOf(connection, member, terms.now);
  if (!user || !(await fits(user, member, password, terms))) return false;
  const isOld = user.password === null;
  if (isOld ? !(await runsAnything(connection, user)) : isLegacyPassword(user.password ?? ''))
    await setAccountPassword(connection, user, password);
  return true;
}

/**
 * Changes the password of a member's account. Whoever does must prove the one that counts until then. In a transaction.
 * @returns whether the old password was right
 */
export async function changeMemberPassword(
  connection: Connection,
  member: Member,
  { old, wanted, ...terms }: PasswordTerms & { readonly old: string; readonly wanted: string },
): Promise<boolean> {
  const user = await userOf(connection, member, terms.now);
  if (!user || !(await fits(user, member, old, terms))) return false;
  if (user.password === null && (await runsAnything(connection, user))) return false;
  await setAccountPassword(connection, user, wanted);
  return true;
}

async function fits(
  user: User,
  member: Member,
  password: string,
  { oldOnes }: PasswordTerms,
): Promise<boolean> {
  if (user.password === null) return oldOnes && isOldPassword(member, password);
  if (isLegacyPassword(user.password) && !oldOnes) return false;
  return verifyPassword(user.password, password);
}

/** An address that belongs to nobody yet gets an account. */
async function userOf(
  connection: Connection,
  { email, originalEmail }: Member,
  now: UtcTime,
): Promise<User | undefined> {
  const owned = await ensureAddresses(connection, [{ address: originalEmail, displayName: '' }], now);
  const userId = owned.get(email)?.userId;
  return userId ? findUser(connection, userId) : undefined;
}
