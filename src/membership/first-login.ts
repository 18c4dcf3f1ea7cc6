import { timingSafeEqual } from 'node:crypto';
import { findAddress } from '../database/addresses.ts';
import type { Connection } from '../database/handle.ts';
import { membershipsOf, updateMember } from '../database/members.ts';
import { putSitePassword, type SiteRole, sitePassword } from '../database/site-passwords.ts';
import { findUser, updateUser } from '../database/users.ts';
import type { Member } from '../model/member.ts';
import type { User } from '../model/user.ts';
import { hashPassword, isLegacyPassword, verifyPassword } from './passwords.ts';

/**
 * The user to whom address and password belong: a password set here, or else that of any of the address's memberships
 * under Mailman 2.1. Such a one is stored by a modern hash from then on, and no longer in clear.
 * @returns undefined where they do not fit
 */
export async function userByPassword(
  connection: Connection,
  email: string,
  password: string,
): Promise<User | undefined> {
  const address = await findAddress(connection, email);
  const user = address?.userId ? await findUser(connection, address.userId) : undefined;
  if (!address || !user) {
    // Takes as long as for an address that is known.
    await verifyPassword(await decoy(), password);
    return undefined;
  }
  if (user.password !== null) return (await verifyPassword(user.password, password)) ? user : undefined;
  const memberships = await membershipsOf(connection, address.addressId);
  const fitting = memberships.filter(({ legacy }) => isSame(legacy?.password, password));
  if (fitting.length === 0) {
    await verifyPassword(await decoy(), password);
    return undefined;
  }
  const known = { ...user, password: await hashPassword(password) };
  await updateUser(connection, known);
  for (const member of memberships) await updateMember(connection, withoutClearPassword(member));
  return known;
}

/** Whether this is the password of a role on the whole site; one of Mailman 2.1 is stored by a modern hash from then on. */
export async function verifiesSitePassword(
  connection: Connection,
  role: SiteRole,
  password: string,
): Promise<boolean> {
  const stored = await sitePassword(connection, role);
  if (stored === null || !(await verifyPassword(stored, password))) return false;
  if (isLegacyPassword(stored)) await putSitePassword(connection, role, await hashPassword(password));
  return true;
}

function withoutClearPassword(member: Member): Member {
  if (member.legacy?.password === undefined) return member;
  const { password: _, ...legacy } = member.legacy;
  return { ...member, legacy };
}

function isSame(stored: string | undefined, given: string): boolean {
  if (stored === undefined || stored === '') return false;
  const one = Buffer.from(stored.normalize('NFC'));
  const other = Buffer.from(given.normalize('NFC'));
  return one.length === other.length && timingSafeEqual(one, other);
}

let decoyHash: Promise<string> | undefined;

function decoy(): Promise<string> {
  decoyHash ??= hashPassword('nobody');
  return decoyHash;
}
