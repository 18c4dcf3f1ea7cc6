import { randomBytes } from 'node:crypto';
import type { MessageMetadata, QueueName } from './queues.ts';

/** A message in a queue, taken by this process. */
export interface QueueEntry {
  readonly id: string;
  readonly queue: QueueName;
  readonly message: Buffer;
  readonly metadata: MessageMetadata;
  /** How often it was tried before. */
  readonly attempts: number;
  /** It has just been made here and nobody has begun with it: nothing can be noted of it yet. */
  readonly isNew?: boolean;
}

const random = randomBytes(8).toString('hex').slice(1);
let lastTime = 0;
let counter = 0;

/**
 * A new identifier of an entry or a stored message: 32 hex digits as UUID version 7 has them (RFC 9562, with its counter
 * method), so that text order is the order in which this process made them.
 */
export function nextEntryId(now = Date.now()): string {
  if (now > lastTime) {
    lastTime = now;
    counter = 0;
  } else if (counter < 0xfff) counter += 1;
  else {
    lastTime += 1;
    counter = 0;
  }
  return `${lastTime.toString(16).padStart(12, '0')}7${counter.toString(16).padStart(3, '0')}8${random}`;
}
