import { createHash } from 'node:crypto';
import { addressesOfUser } from '../database/addresses.ts';
import type { Connection } from '../database/handle.ts';
import { membershipsOfAll } from '../database/members.ts';
import { findUser } from '../database/users.ts';
import {
  deleteWebSession,
  findWebSession,
  insertWebSession,
  prolongWebSession,
} from '../database/web-sessions.ts';
import type { Role } from '../model/enums.ts';
import type { MailingList } from '../model/mailing-list.ts';
import { laterBy, SECONDS_PER_DAY } from '../model/time.ts';
import type { User } from '../model/user.ts';
import type { Services } from '../queue/step.ts';
import { newSecret } from './form-token.ts';

/** A session ends when it was not used for so many seconds. */
export const SESSION_LIFE = 30 * SECONDS_PER_DAY;

/** Somebody who is signed in. */
export interface Viewer {
  readonly user: User;
  /** Whether the whole site is theirs to administer. */
  readonly isServerOwner: boolean;
  /** Addresses, as they write them, that were shown to be theirs. */
  readonly addresses: readonly string[];
  /** Their roles by List-Id; those that addresses have which nobody verified do not count. */
  readonly roles: ReadonlyMap<string, ReadonlySet<Role>>;
}

/** The hash under which a token is stored. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Begins a session. @returns the value of its cookie */
export async function beginSession(
  { clock }: Pick<Services, 'clock'>,
  connection: Connection,
  userId: string,
): Promise<string> {
  const token = newSecret();
  const now = clock.now();
  await insertWebSession(connection, {
    tokenHash: hashToken(token),
    userId,
    createdAt: now,
    expiresAt: laterBy(now, SESSION_LIFE),
  });
  return token;
}

/** Signs somebody out. */
export async function endSession(connection: Connection, token: string): Promise<void> {
  await deleteWebSession(connection, hashToken(token));
}

/** Who has the session of a cookie; it lasts the longer for being used. */
export async function findViewer(
  { clock, database: { connection } }: Pick<Services, 'clock' | 'database'>,
  token: string,
): Promise<Viewer | undefined> {
  const now = clock.now();
  const session = await findWebSession(connection, hashToken(token), now);
  const user = session && (await findUser(connection, session.userId));
  if (!user) return undefined;
  // Written once a day, not with every page.
  if (session.expiresAt < laterBy(now, SESSION_LIFE - SECONDS_PER_DAY)) {
    await prolongWebSession(connection, session.tokenHash, laterBy(now, SESSION_LIFE));
  }
  return viewerOf(connection, user);
}

async function viewerOf(connection: Connection, user: User): Promise<Viewer> {
  const addresses = (await addressesOfUser(connection, user.userId)).filter(
    ({ verifiedOn }) => verifiedOn !== null,
  );
  const roles = new Map<string, Set<Role>>();
  const ids = addresses.map(({ addressId }) => addressId);
  for (const { listId, role } of await membershipsOfAll(connection, ids)) {
    roles.set(listId, (roles.get(listId) ?? new Set()).add(role));
  }
  return {
    user,
    isServerOwner: user.isServerOwner,
    addresses: addresses.map(({ originalEmail }) => originalEmail),
    roles,
  };
}

/** Whether somebody belongs to a list, as a member or as one of those who run it. */
export function belongsTo(viewer: Viewer | undefined, list: Pick<MailingList, 'listId'>): boolean {
  if (!viewer) return false;
  const roles = viewer.roles.get(list.listId);
  return viewer.isServerOwner || ['member', 'owner', 'moderator'].some((role) => roles?.has(role as Role));
}
