import { findAddress } from '../database/addresses.ts';
import { membershipsOf } from '../database/members.ts';
import { findUser } from '../database/users.ts';
import { deleteSignInLink, findSignInLink, insertSignInLink } from '../database/web-sessions.ts';
import { isOldPassword, runsAnything, setAccountPassword } from '../membership/account-password.ts';
import { hashPassword, isLegacyPassword, verifyPassword } from '../membership/passwords.ts';
import { ensureAddresses } from '../membership/people.ts';
import type { Address } from '../model/address.ts';
import { isValidAddress } from '../model/email-address.ts';
import { laterBy } from '../model/time.ts';
import type { User } from '../model/user.ts';
import { newId } from '../model/uuid.ts';
import { runStep } from '../queue/enqueue.ts';
import type { Services, Step } from '../queue/step.ts';
import { newSecret } from './form-token.ts';
import { signInMail } from './sign-in-mail.ts';
import { hashToken } from './viewer.ts';

/** How long a mailed link can be used, in seconds. */
const LINK_LIFE = 3600;

let decoy: Promise<string> | undefined;

/**
 * The user whom an address and a password belong to. A user without a password may use the one that Mailman 2.1 gave
 * this address on one of its lists, where `[legacy] passwords` allows it and the account runs nothing; like an outdated
 * hash, it is stored anew, and
 * nothing in clear stays behind.
 * An unknown address takes as long as a wrong password.
 */
export async function userWithPassword(
  services: Services,
  email: string,
  password: string,
): Promise<User | undefined> {
  const { connection } = services.database;
  const address = isValidAddress(email) ? await findAddress(connection, email) : undefined;
  const user =
    address?.userId && address.verifiedOn !== null ? await findUser(connection, address.userId) : undefined;
  if (address && user?.password === null) {
    const fits = await fitsOldPassword(services, user, address, password);
    // For the time it takes: an account that has no password looks like any other.
    await verifyDecoy(password);
    return fits ? storePassword(services, user, password) : undefined;
  }
  if (!user) {
    await verifyDecoy(password);
    return undefined;
  }
  if (user.password !== null && isLegacyPassword(user.password)) {
    await verifyDecoy(password);
    if (!services.config.legacy.passwords) return undefined;
  }
  if (!(await verifyPassword(user.password, password))) return undefined;
  return user.password !== null && isLegacyPassword(user.password)
    ? storePassword(services, user, password)
    : user;
}

/**
 * Mails a link to an address that belongs to somebody here; does nothing for others. What it does must not show in the
 * answer: begin it, and answer without waiting.
 * @param nextPath where the link leads in the end
 */
export async function mailSignInLink(services: Services, email: string, nextPath: string): Promise<void> {
  if (!isValidAddress(email)) return;
  await runStep(services, async (step) => {
    const address = await findAddress(step.connection, email);
    if (!address || !(await isSomebody(step, address))) return;
    const token = newSecret();
    await insertSignInLink(step.connection, {
      tokenHash: hashToken(token),
      addressId: address.addressId,
      nextPath,
      expiresAt: laterBy(step.clock.now(), LINK_LIFE),
    });
    const { message, sender } = await signInMail(step, address, token);
    await step.enqueue('out', message.toBuffer(), {
      recipients: [address.originalEmail],
      envsender: sender,
    });
  });
}

/**
 * The user who signs in by a link, which is used up. Whoever has the link has the mailbox: the address counts as
 * verified from now on.
 */
export async function userWithLink(
  step: Step,
  token: string,
): Promise<{ readonly user: User; readonly nextPath: string } | undefined> {
  const { connection, clock } = step;
  const link = await findSignInLink(connection, hashToken(token), clock.now());
  if (!link || !(await deleteSignInLink(connection, link.tokenHash))) return undefined;
  const owned = await ensureAddresses(connection, [{ address: link.email, displayName: '' }], clock.now());
  const userId = owned.get(link.email)?.userId;
  const user = userId ? await findUser(connection, userId) : undefined;
  return user && { user, nextPath: link.nextPath };
}

/** Members and users sign in; an address that once sent a post to a list does not. */
async function isSomebody({ connection }: Step, { addressId, userId }: Address): Promise<boolean> {
  const roles = await membershipsOf(connection, addressId);
  if (roles.some(({ role }) => role !== 'nonmember')) return true;
  const user = userId ? await findUser(connection, userId) : undefined;
  return user !== undefined && (user.password !== null || user.isServerOwner);
}

async function fitsOldPassword(
  { config, database }: Services,
  user: User,
  { addressId }: Address,
  password: string,
): Promise<boolean> {
  if (!config.legacy.passwords || (await runsAnything(database.connection, user))) return false;
  const memberships = await membershipsOf(database.connection, addressId);
  return memberships.some((member) => isOldPassword(member, password));
}

function storePassword(services: Services, user: User, password: string): Promise<User> {
  return services.database.transaction((connection) => setAccountPassword(connection, user, password));
}

async function verifyDecoy(password: string): Promise<void> {
  decoy ??= hashPassword(newId());
  await verifyPassword(await decoy, password);
}
