import { Message } from './message.ts';
import type { Part } from './part.ts';

/**
 * All parts in the order in which they stand, a multipart before its parts, a message/rfc822 part before the message
 * in it, as Python's `walk` does it.
 */
export function* walk(start: Message | Part): Generator<Part> {
  const waiting: Part[] = [start instanceof Message ? start.root : start];
  for (let part = waiting.pop(); part; part = waiting.pop()) {
    yield part;
    const inside = part.message ? [part.message] : part.children;
    for (const child of inside.toReversed()) waiting.push(child);
  }
}
