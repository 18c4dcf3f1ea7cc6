import { randomFillSync } from 'node:crypto';

const POOL_SIZE = 4096;
const RANDOM_BYTES = 10;
const COUNTER_LIMIT = 0x1000;
const pool = Buffer.alloc(POOL_SIZE);
let used = POOL_SIZE;
let lastTime = 0;
let counter = 0;

/**
 * A new identifier of users, addresses and members: 32 hex digits without dashes, as in Mailman's REST API 3.1.
 * Version 7 with a counter (RFC 9562, section 6.2, method 1): rows made together lie together in the database's index,
 * and what one process makes sorts in the order in which it was made.
 */
export function newId(): string {
  if (used + RANDOM_BYTES > POOL_SIZE) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.toString('hex', used, used + RANDOM_BYTES);
  used += RANDOM_BYTES;
  count(Number.parseInt(random.slice(0, 3), 16));
  const variant = (8 + (Number.parseInt(random[3] ?? '0', 16) & 3)).toString(16);
  return `${hex(lastTime, 12)}7${hex(counter, 3)}${variant}${random.slice(4, 19)}`;
}

/** @param start 12 random bits, of which the counter of a new millisecond takes eleven, so that there is room above */
function count(start: number): void {
  const now = Date.now();
  if (now > lastTime) {
    lastTime = now;
    counter = start >> 1;
    return;
  }
  counter += 1;
  if (counter === COUNTER_LIMIT) {
    lastTime += 1;
    counter = 0;
  }
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

/** An identifier as Python writes a UUID: with dashes. */
export function dashed(id: string): string {
  return id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
