import { findAddress } from '../database/addresses.ts';
import { findUser } from '../database/users.ts';
import type { User } from '../model/user.ts';
import { parseId } from './ids.ts';
import { part } from './lookup.ts';
import type { Call } from './route.ts';

/** The user that the path names, by identifier or by one of the addresses. */
export async function findUserNamed(call: Call): Promise<User | undefined> {
  const name = part(call, 'user');
  const userId = name.includes('@')
    ? (await findAddress(call.connection, name))?.userId
    : parseId(call.version, name);
  return userId ? findUser(call.connection, userId) : undefined;
}
