import type { UtcTime } from '../model/time.ts';
import type { User } from '../model/user.ts';
import type { Connection } from './handle.ts';
import { forgetAllReads, forgetReads } from './read-once.ts';
import {
  type Flag,
  flag,
  insertRows,
  type PreferenceRow,
  preferencesFromRow,
  preferencesToRow,
  selectIn,
} from './rows.ts';

/** A row of the table `user`. */
export interface UserRow extends PreferenceRow {
  readonly user_id: string;
  readonly display_name: string;
  readonly password: string | null;
  readonly is_server_owner: Flag;
  readonly created_on: UtcTime;
}

/** A user by identifier. */
export async function findUser(connection: Connection, userId: string): Promise<User | undefined> {
  const row = await connection<UserRow>('user').where('user_id', userId).first();
  return row && userFromRow(row);
}

/** The users with these ids, in no particular order. */
export async function findUsers(connection: Connection, userIds: readonly string[]): Promise<User[]> {
  return (await selectIn(userIds, (batch) => connection<UserRow>('user').whereIn('user_id', batch))).map(
    userFromRow,
  );
}

/** Which of these users have a password. */
export async function usersWithPassword(
  connection: Connection,
  userIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await selectIn(userIds, (batch) =>
    connection<UserRow>('user').whereIn('user_id', batch).whereNotNull('password').select('user_id'),
  );
  return new Set(rows.map(({ user_id }) => user_id));
}

/** Stores new users. */
export async function insertUsers(connection: Connection, users: readonly User[]): Promise<void> {
  await insertRows(connection, 'user', users.map(toRow));
}

/** Stores what has changed of a user. */
export async function updateUser(connection: Connection, user: User): Promise<void> {
  forgetReads(connection, 'members');
  await connection('user').where('user_id', user.userId).update(toRow(user));
}

/** Removes the user with all addresses and memberships. */
export async function deleteUser(connection: Connection, userId: string): Promise<void> {
  forgetAllReads(connection);
  await connection('user').where('user_id', userId).delete();
}

function toRow(user: User) {
  return {
    user_id: user.userId,
    display_name: user.displayName,
    password: user.password,
    is_server_owner: flag(user.isServerOwner),
    created_on: user.createdOn,
    ...preferencesToRow(user.preferences),
  };
}

/** A user as its row has it. */
export function userFromRow(row: UserRow): User {
  return {
    userId: row.user_id,
    displayName: row.display_name,
    password: row.password,
    isServerOwner: row.is_server_owner === 1,
    createdOn: row.created_on,
    preferences: preferencesFromRow(row),
  };
}
