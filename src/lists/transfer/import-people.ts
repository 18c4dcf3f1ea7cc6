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
 * an address says so; other addresses that the file gives to that person are of a user of their own. So a file hands
 * nobody the account of another, be it by a new address or by a password for an address that is here.
 */
export async function importPeople(
  connection: Connection,
  { users, addresses }: Pick<ListFile, 'users' | 'addresses'>,
): Promise<ImportedPeople> {
  const known = await findAddresses(
    connection,
    addresses.map(({ email }) => email),
  );
  const { userIds, adopting, apart } = usersHere(addresses, known);
  const added = users.filter(({ userId }) => !userIds.has(userId));
  const taken = await takenIds(
    connection,
    'user',
    added.map(({ userId }) => userId),
  );
  for (const { userId } of added) userIds.set(userId, taken.has(userId) ? newId() : userId);
  const made = [
    ...added.map((user) => ({
      ...user,
      userId: userIds.get(user.userId) ?? newId(),
      password: adopting.has(user.userId) ? null : user.password,
    })),
    ...users.flatMap((user) => {
      const userId = apart.get(user.userId);
      return userId === undefined ? [] : [{ ...user, userId }];
    }),
  ];
  await insertUsers(connection, made);
  const userHere = (userId: string | null): string | null =>
    userId === null ? null : (userIds.get(userId) ?? null);
  const fresh = newAddresses(addresses, known, (userId) => apart.get(userId ?? '') ?? userHere(userId));
  await insertAddresses(
    connection,
    fresh.map(({ address }) => address),
  );
  const addedIds = new Set(added.map(({ userId }) => userId));
  await assignUsers(connection, ownersOf(known, addresses, addedIds, userHere));
  const isNew = new Set(made.map(({ userId }) => userId));
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
    newUsers: made.length,
    newAddresses: fresh.length,
  };
}

/** How the users of a file stand to those that are here. */
interface UsersHere {
  /** Identifiers that users have here, by those in the file; only of those who are here. */
  readonly userIds: Map<string, string>;
  /** Users of the file who get an address that is here and has no user: they bring no password. */
  readonly adopting: ReadonlySet<string>;
  /** Identifiers of the users who get the other addresses of those who are here. */
  readonly apart: ReadonlyMap<string, string>;
}

function usersHere(addresses: ListFile['addresses'], known: ReadonlyMap<string, Address>): UsersHere {
  const userIds = new Map<string, string>();
  const adopting = new Set<string>();
  const apart = new Map<string, string>();
  for (const { email, userId } of addresses) {
    const address = known.get(email);
    if (userId !== null && address?.userId && !userIds.has(userId)) userIds.set(userId, address.userId);
    if (userId !== null && address?.userId === null) adopting.add(userId);
  }
  for (const { email, userId } of addresses)
    if (userId !== null && userIds.has(userId) && !known.has(email)) apart.set(userId, newId());
  return { userIds, adopting, apart };
}

/** The addresses that are not here yet, with the users that they get. */
function newAddresses(
  addresses: ListFile['addresses'],
  known: ReadonlyMap<string, Address>,
  userFor: (userId: string | null) => string | null,
) {
  return addresses
    .filter(({ email }) => !known.has(email))
    .map(({ isPreferred, ...address }) => ({
      isPreferred,
      address: { ...address, addressId: newId(), userId: userFor(address.userId) },
    }));
}

/** Known addresses without a user get that of the file, where it is new as well. */
function ownersOf(
  known: ReadonlyMap<string, Address>,
  addresses: ListFile['addresses'],
  added: ReadonlySet<string>,
  userHere: (userId: string | null) => string | null,
): Map<string, string> {
  const owners = new Map<string, string>();
  for (const { email, userId } of addresses) {
    const address = known.get(email);
    const here = userHere(userId);
    if (address && address.userId === null && here !== null && added.has(userId ?? ''))
      owners.set(address.addressId, here);
  }
  return owners;
}
