import { randomBytes } from 'node:crypto';
import { addressesOfUser, findAddress, insertAddresses, updateAddress } from '../database/addresses.ts';
import { handOverDomains } from '../database/domains.ts';
import type { Connection } from '../database/handle.ts';
import { deleteUser, findUser, insertUsers, updateUser } from '../database/users.ts';
import { FerrymanError } from '../errors.ts';
import type { Address } from '../model/address.ts';
import { addressKey, isValidAddress } from '../model/email-address.ts';
import { noPreferences, type Preferences, preferenceNames } from '../model/preferences.ts';
import type { UtcTime } from '../model/time.ts';
import type { User } from '../model/user.ts';
import { newId } from '../model/uuid.ts';
import { forgetOldPasswords } from './account-password.ts';
import { hashPassword } from './passwords.ts';
import { newUser } from './people.ts';

/** A user or an address cannot be made or linked; `problem` lets each interface word it its own way. */
export class UserError extends FerrymanError {
  override name = 'UserError';
  readonly problem: 'exists' | 'address' | 'linked';

  constructor(problem: UserError['problem'], message: string) {
    super(message);
    this.problem = problem;
  }
}

/** What is known of a user to be made; no password is one that nobody knows. */
export interface UserWishes {
  readonly displayName?: string | undefined;
  readonly password?: string | undefined;
  readonly isServerOwner?: boolean | undefined;
}

/** A user who is stored, without an address. @param passwordLength `[passwords] password_length`, for one that is made up */
export async function storeUser(
  connection: Connection,
  { displayName, password, isServerOwner }: UserWishes,
  now: UtcTime,
  passwordLength: number,
): Promise<User> {
  const clear = password ?? randomBytes(passwordLength).toString('base64url').slice(0, passwordLength);
  const user: User = {
    ...newUser(displayName ?? '', now),
    password: await hashPassword(clear),
    isServerOwner: isServerOwner ?? false,
  };
  await insertUsers(connection, [user]);
  return user;
}

/**
 * Makes a user with an address, which may be known already as long as it is nobody's. In a transaction.
 * @throws UserError address, exists
 */
export async function createUser(
  connection: Connection,
  email: string,
  wishes: UserWishes,
  now: UtcTime,
  passwordLength: number,
): Promise<User> {
  if (!isValidAddress(email)) throw new UserError('address', `Not a valid email address: ${email}`);
  const known = await findAddress(connection, email);
  if (known && known.userId !== null) throw new UserError('exists', `User already exists: ${email}`);
  const user = await storeUser(connection, wishes, now, passwordLength);
  if (known) {
    await updateAddress(connection, { ...known, userId: user.userId });
    await forgetOldPasswords(connection, user.userId);
  } else await insertAddresses(connection, [newAddress(email, wishes.displayName ?? '', user.userId, now)]);
  return user;
}

/**
 * Adds an address to a user. In a transaction.
 * @param options absorb: an address of somebody else brings that user along, who is the same person
 * @throws UserError address, linked
 */
export async function addAddress(
  connection: Connection,
  user: User,
  email: string,
  options: { readonly displayName?: string | undefined; readonly absorb: boolean; readonly now: UtcTime },
): Promise<Address> {
  if (!isValidAddress(email)) throw new UserError('address', `Not a valid email address: ${email}`);
  const known = await findAddress(connection, email);
  if (!known) {
    const added = newAddress(email, options.displayName ?? '', user.userId, options.now);
    await insertAddresses(connection, [added]);
    return added;
  }
  if (known.userId === null) {
    const linked = { ...known, userId: user.userId };
    await updateAddress(connection, linked);
    if (user.password !== null) await forgetOldPasswords(connection, user.userId);
    return linked;
  }
  if (!options.absorb) throw new UserError('linked', `Address belongs to a user: ${email}`);
  if (known.userId !== user.userId) await absorbUser(connection, user, known.userId);
  return (await findAddress(connection, email)) ?? known;
}

/**
 * Makes one user of two: addresses, memberships, domains and, where the first has none, preferences of the other become
 * those of the first. In a transaction.
 */
export async function absorbUser(connection: Connection, user: User, otherId: string): Promise<void> {
  const other = await findUser(connection, otherId);
  if (!other || otherId === user.userId) return;
  for (const address of await addressesOfUser(connection, otherId))
    await updateAddress(connection, { ...address, userId: user.userId });
  await handOverDomains(connection, otherId, user.userId);
  const password = user.password ?? other.password;
  if (password !== null) await forgetOldPasswords(connection, user.userId);
  await updateUser(connection, {
    ...user,
    displayName: user.displayName || other.displayName,
    password,
    isServerOwner: user.isServerOwner || other.isServerOwner,
    preferences: merged(user.preferences, other.preferences),
  });
  await deleteUser(connection, otherId);
}

function merged(first: Preferences, second: Preferences): Preferences {
  const entries = preferenceNames.map((name) => [name, first[name] ?? second[name]]);
  return Object.fromEntries(entries) as unknown as Preferences;
}

/** Takes an address away from its user; its memberships stay. In a transaction. */
export async function unlinkAddress(connection: Connection, address: Address): Promise<void> {
  await updateAddress(connection, { ...address, userId: null });
}

function newAddress(email: string, displayName: string, userId: string | null, now: UtcTime): Address {
  return {
    addressId: newId(),
    email: addressKey(email),
    originalEmail: email,
    displayName,
    registeredOn: now,
    verifiedOn: null,
    userId,
    preferences: noPreferences,
  };
}
