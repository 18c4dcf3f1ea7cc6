import type { UtcTime } from '../model/time.ts';
import type { Connection } from './handle.ts';

/** Somebody who is signed in to the web pages. Tokens are stored hashed only: reading the table opens no session. */
export interface WebSession {
  /** SHA-256 of the token in the cookie, hex. */
  readonly tokenHash: string;
  readonly userId: string;
  readonly createdAt: UtcTime;
  readonly expiresAt: UtcTime;
}

/** A link that was mailed to an address, with which its owner signs in once. */
export interface SignInLink {
  /** SHA-256 of the token in the link, hex. */
  readonly tokenHash: string;
  readonly addressId: string;
  /** Where to go then: a path on this site. */
  readonly nextPath: string;
  readonly expiresAt: UtcTime;
}

interface SessionRow {
  readonly token_hash: string;
  readonly user_id: string;
  readonly created_at: UtcTime;
  readonly expires_at: UtcTime;
}

interface LinkRow {
  readonly token_hash: string;
  readonly address_id: string;
  readonly next_path: string;
  readonly expires_at: UtcTime;
}

/** Stores a session that has just begun. */
export async function insertWebSession(connection: Connection, session: WebSession): Promise<void> {
  await connection('web_session').insert({
    token_hash: session.tokenHash,
    user_id: session.userId,
    created_at: session.createdAt,
    expires_at: session.expiresAt,
  });
}

/** The session of a token's hash; undefined when there is none or it has ended by `now`. */
export async function findWebSession(
  connection: Connection,
  tokenHash: string,
  now: UtcTime,
): Promise<WebSession | undefined> {
  const row = await connection<SessionRow>('web_session')
    .where('token_hash', tokenHash)
    .where('expires_at', '>', now)
    .first();
  return (
    row && {
      tokenHash: row.token_hash,
      userId: row.user_id,
      createdAt: row.created_at,
      expiresAt: row.expires_at,
    }
  );
}

/** Lets a session last until a later moment. */
export async function prolongWebSession(
  connection: Connection,
  tokenHash: string,
  expiresAt: UtcTime,
): Promise<void> {
  await connection('web_session').where('token_hash', tokenHash).update({ expires_at: expiresAt });
}

/** Ends a session. */
export async function deleteWebSession(connection: Connection, tokenHash: string): Promise<void> {
  await connection('web_session').where('token_hash', tokenHash).delete();
}

/** Ends all sessions of a user, such as when the password changes. */
export async function deleteWebSessionsOf(connection: Connection, userId: string): Promise<void> {
  await connection('web_session').where('user_id', userId).delete();
}

/** Stores a link by which somebody can sign in once. */
export async function insertSignInLink(connection: Connection, link: SignInLink): Promise<void> {
  await connection('sign_in_link').insert({
    token_hash: link.tokenHash,
    address_id: link.addressId,
    next_path: link.nextPath,
    expires_at: link.expiresAt,
  });
}

/**
 * The link of a token's hash, with the key of its address; undefined when it is unknown, used or has expired by `now`.
 */
export async function findSignInLink(
  connection: Connection,
  tokenHash: string,
  now: UtcTime,
): Promise<(SignInLink & { readonly email: string }) | undefined> {
  const row = await connection<LinkRow & { readonly email: string }>('sign_in_link')
    .join('address', 'address.address_id', 'sign_in_link.address_id')
    .where('sign_in_link.token_hash', tokenHash)
    .where('sign_in_link.expires_at', '>', now)
    .first('sign_in_link.*', 'address.email');
  return (
    row && {
      tokenHash: row.token_hash,
      addressId: row.address_id,
      email: row.email,
      nextPath: row.next_path,
      expiresAt: row.expires_at,
    }
  );
}

/** Takes a link out of use. @returns false where somebody else did so before */
export async function deleteSignInLink(connection: Connection, tokenHash: string): Promise<boolean> {
  return (await connection('sign_in_link').where('token_hash', tokenHash).delete()) > 0;
}

/** Removes sessions and links that have ended by `now`. */
export async function deleteExpiredSignIns(connection: Connection, now: UtcTime): Promise<void> {
  await connection('web_session').where('expires_at', '<=', now).delete();
  await connection('sign_in_link').where('expires_at', '<=', now).delete();
}
