import { randomFillSync } from 'node:crypto';

const POOL_SIZE = 4096;
const RANDOM_BYTES = 10;
const pool = Buffer.alloc(POOL_SIZE);
let used = POOL_SIZE;

/**
 * A new identifier of users, addresses and members: 32 hex digits without dashes, as in Mailman's REST API 3.1.
 * Version 7 (RFC 9562), so that rows made together lie together in the database's index.
 */
export function newId(): string {
  if (used + RANDOM_BYTES > POOL_SIZE) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.toString('hex', used, used + RANDOM_BYTES);
  used += RANDOM_BYTES;
  const variant = (8 + (Number.parseInt(random[3] ?? '0', 16) & 3)).toString(16);
  return `${Date.now().toString(16).padStart(12, '0')}7${random.slice(0, 3)}${variant}${random.slice(4, 19)}`;
}
