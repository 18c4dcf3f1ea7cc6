import { assignUsers, findAddresses, insertAddresses, verifyAddresses } from '../database/addresses.ts';
import type { Connection } from '../database/handle.ts';
import { insertUsers } from '../database/users.ts';
import type { Address } from '../model/address.ts';
import { addressKey, type Mailbox } from '../model/email-address.ts';
import { noPreferences } from '../model/preferences.ts';
import { type UtcTime, utcNow } from '../model/time.ts';
import type { User } from '../model/user.ts';
import { newId } from '../model/uuid.ts';

/**
 * Makes sure that each of these addresses exists and belongs to a user. A new one takes spelling and name from its
 * first mailbox; a known one keeps its own.
 * @param verifiedOn the moment from which the addresses count as verified, where they do not yet; null leaves them
 * @returns the addresses by key
 */
export async function ensureAddresses(
  connection: Connection,
  mailboxes: readonly Mailbox[],
  verifiedOn: UtcTime | null,
  now: UtcTime = utcNow(),
): Promise<Map<string, Address>> {
  const wanted = new Map<string, Mailbox>();
  for (const mailbox of mailboxes) {
    const key = addressKey(mailbox.address);
    if (!wanted.has(key)) wanted.set(key, mailbox);
  }
  const addresses = await findAddresses(connection, [...wanted.keys()]);
  const unverified = [...addresses.values()].filter((address) => address.verifiedOn === null);
  if (verifiedOn !== null && unverified.length > 0) {
    await verifyAddresses(
      connection,
      unverified.map(({ addressId }) => addressId),
      verifiedOn,
    );
    for (const address of unverified) addresses.set(address.email, { ...address, verifiedOn });
  }
  await linkUsers(connection, addresses, now);
  const users: User[] = [];
  const added: Address[] = [];
  for (const [key, mailbox] of wanted) {
    if (addresses.has(key)) continue;
    const user = newUser(mailbox.displayName, now);
    const address: Address = {
      addressId: newId(),
      email: key,
      originalEmail: mailbox.address,
      displayName: mailbox.displayName,
      registeredOn: now,
      verifiedOn,
      userId: user.userId,
      preferences: noPreferences,
    };
    users.push(user);
    added.push(address);
    addresses.set(key, address);
  }
  await insertUsers(connection, users);
  await insertAddresses(connection, added);
  return addresses;
}

/** A user who has nothing but a name yet. */
export function newUser(displayName: string, createdOn: UtcTime): User {
  return {
    userId: newId(),
    displayName,
    password: null,
    isServerOwner: false,
    createdOn,
    preferences: noPreferences,
  };
}

/** Gives each address without a user one of its own. */
async function linkUsers(
  connection: Connection,
  addresses: Map<string, Address>,
  now: UtcTime,
): Promise<void> {
  const users: User[] = [];
  const owners = new Map<string, string>();
  for (const address of [...addresses.values()]) {
    if (address.userId !== null) continue;
    const user = newUser(address.displayName, now);
    users.push(user);
    owners.set(address.addressId, user.userId);
    addresses.set(address.email, { ...address, userId: user.userId });
  }
  await insertUsers(connection, users);
  await assignUsers(connection, owners);
}
