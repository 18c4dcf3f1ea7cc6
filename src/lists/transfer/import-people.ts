import { assignUsers, findAddresses, insertAddresses } from '../../database/addresses.ts';
import type { Connection } from '../../database/handle.ts';
import { takenIds } from '../../database/people-of-list.ts';
import { insertUsers } from '../../database/users.ts';
import type { Address } from '../../model/address.ts';
import { newId } from '../../model/uuid.ts';
import type { ListFile } from './list-file.ts';

/** Who is who now. */
export interface ImportedPeople {
  /** Identifiers of addresses, by key. */
  readonly addressIds: ReadonlyMap<string, string>;
  /** Identifiers that users have here, by those in the file. */
  readonly userIds: ReadonlyMap<string, string>;
  /** Preferred addresses of new users: their identifiers by those of the users. */
  readonly preferred: ReadonlyMap<string, string>;
  readonly newUsers: number;
  readonly newAddresses: number;
}

/**
 * Makes the users and addresses of a file that are not known. Somebody of the file is a user that there is only where
 * an address says so: a file cannot hand a known user's lists to another address.
 */
export async function importPeople(
  connection: Connection,
  { users, addresses }: Pick<ListFile, 'users' | 'addresses'>,
): Promise<ImportedPeople> {
  const known = await findAddresses(
    connection,
    addresses.map(({ email }) => email),
  );
  const userIds = new Map<string, string>();
  for (const { email, userId } of addresses) {
    const here = known.get(email)?.userId;
    if (userId !== null && here && !userIds.has(userId)) userIds.set(userId, here);
  }
  const added = users.filter(({ userId }) => !userIds.has(userId));
  const taken = await takenIds(
    connection,
    'user',
    added.map(({ userId }) => userId),
  );
  for (const { userId } of added) userIds.set(userId, taken.has(userId) ? newId() : userId);
  await insertUsers(
    connection,
    added.map((user) => ({ ...user, userId: userIds.get(user.userId) ?? newId() })),
  );
  const userHere = (userId: string | null): string | null =>
    userId === null ? null : (userIds.get(userId) ?? null);
  const fresh = addresses
    .filter(({ email }) => !known.has(email))
    .map(({ isPreferred, ...address }) => ({
      isPreferred,
      address: { ...address, addressId: newId(), userId: userHere(address.userId) },
    }));
  await insertAddresses(
    connection,
    fresh.map(({ address }) => address),
  );
  await assignUsers(connection, ownersOf(known, addresses, userHere));
  const isNew = new Set(added.map(({ userId }) => userIds.get(userId)));
  return {
    addressIds: new Map(
      [...known.values(), ...fresh.map(({ address }) => address)].map((one) => [one.email, one.addressId]),
    ),
    userIds,
    preferred: new Map(
      fresh.flatMap(({ isPreferred, address }): [string, string][] =>
        isPreferred && address.userId !== null && isNew.has(address.userId)
          ? [[address.userId, address.addressId]]
          : [],
      ),
    ),
    newUsers: added.length,
    newAddresses: fresh.length,
  };
}

/** Known addresses without a user get that of the file. */
function ownersOf(
  known: ReadonlyMap<string, Address>,
  addresses: ListFile['addresses'],
  userHere: (userId: string | null) => string | null,
): Map<string, string> {
  const owners = new Map<string, string>();
  for (const { email, userId } of addresses) {
    const address = known.get(email);
    const here = userHere(userId);
    if (address && address.userId === null && here !== null) owners.set(address.addressId, here);
  }
  return owners;
}
