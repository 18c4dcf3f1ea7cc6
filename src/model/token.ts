import { randomBytes } from 'node:crypto';

const TOKEN_BYTES = 20;

/** A new token for confirmations: 40 hex digits that nobody can guess. */
export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString('hex');
}
