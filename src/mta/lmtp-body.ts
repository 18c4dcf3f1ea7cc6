import type { Readable } from 'node:stream';
import type { MemoryBudget } from './memory-budget.ts';

/** Octets of a message that every connection may hold without asking. */
const FREE_OCTETS = 65_536;

/** A message is held several times while it is worked on: as it came, with clean line ends, with its new headers. */
const COPIES = 3;

/** What came after DATA. */
export interface ReceivedBody {
  /** Undefined where it was larger than it may be or than was announced; the rest was read and dropped. */
  readonly bytes: Buffer | undefined;
  /** Octets that came. */
  readonly length: number;
  /** Gives back the memory; to be called when the message is stored. */
  readonly release: () => void;
}

/** What is known of a message before it comes. */
export interface Expectation {
  /** Octets of the largest message that is taken. */
  readonly limit: number;
  /** What the mail server said of its size (RFC 1870), undefined if nothing. */
  readonly announced: number | undefined;
}

/**
 * Reads a message. A large one must first get a share of the memory; until then its connection is not read, and the mail
 * server waits. Throws the stream's error where the connection ends before the message does.
 */
export async function receiveBody(
  stream: Readable,
  budget: MemoryBudget,
  { limit, announced }: Expectation,
): Promise<ReceivedBody> {
  // One buffer: a hostile message comes in millions of pieces.
  let buffer = Buffer.allocUnsafe(FREE_OCTETS);
  let length = 0;
  let release = (): void => {};
  try {
    for await (const piece of stream as AsyncIterable<Buffer>) {
      const end = length + piece.length;
      if (end > buffer.length && buffer.length === FREE_OCTETS && end <= limit) {
        const share = Math.max(expectedSize(limit, announced), FREE_OCTETS + 1);
        release = await budget.acquire(share * COPIES);
        const larger = Buffer.allocUnsafe(share);
        buffer.copy(larger, 0, 0, length);
        buffer = larger;
      }
      if (end <= buffer.length) piece.copy(buffer, length);
      length = end;
    }
  } catch (error) {
    release();
    throw error;
  }
  return { bytes: length <= buffer.length ? buffer.subarray(0, length) : undefined, length, release };
}

/** Mail servers count a line end as one octet or two, so what is announced may grow to twice as much. */
function expectedSize(limit: number, announced: number | undefined): number {
  return announced === undefined ? limit : Math.min(limit, announced * 2 + FREE_OCTETS);
}
