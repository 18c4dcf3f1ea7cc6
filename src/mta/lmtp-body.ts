import type { Readable } from 'node:stream';
import { FerrymanError } from '../errors.ts';
import { tidyUp } from '../queue/large-messages.ts';
import { MemoryBudget } from './memory-budget.ts';

/** Octets of a message that every connection may hold without asking. */
const FREE_OCTETS = 16_384;

/** Octets up to which a message is of usual size: there is memory for many of these. */
const USUAL_OCTETS = 524_288;

/** Octets of a large message after which the memory of the pieces in which it came is given back. */
const TIDY_EVERY = 4 * 1024 * 1024;

/**
 * Milliseconds that a message may take once it has a share of the memory, and octets after which it may take as long again:
 * who stalls, or sends byte by byte, must not keep the memory from all others.
 */
export const PATIENCE_MS = 120_000;
const PATIENCE_OCTETS = 1_200_000;

/** How often that is looked at, in milliseconds. */
const LOOK_MS = 5000;

/** A message is held several times while it is worked on: as it came, with clean line ends, with its new headers. */
const COPIES = 3;

/** Messages of usual size in memory at once, were all of them as large as they may be. */
const USUAL_MESSAGES = 20;

/**
 * The memory for messages of usual size, and that for larger ones. Whose message outgrows the first keeps his share of it
 * while he waits for the second; nobody waits the other way round, so that all get their turn.
 */
export interface BodyMemory {
  readonly usual: MemoryBudget;
  readonly large: MemoryBudget;
}

/** @param large octets of large messages at once, with their copies; at least one is always taken */
export function bodyMemory(large: number): BodyMemory {
  return { usual: new MemoryBudget(USUAL_OCTETS * COPIES * USUAL_MESSAGES), large: new MemoryBudget(large) };
}

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
  /** Milliseconds that it may take at least. */
  readonly patience: number;
}

/** A message came too slowly. */
export class SlowSenderError extends FerrymanError {
  override name = 'SlowSenderError';
}

/**
 * Reads a message. A large one must first get a share of the memory; until then its connection is not read, and the mail
 * server waits. Throws the stream's error where the connection ends before the message does.
 * @throws SlowSenderError
 */
export async function receiveBody(
  stream: Readable,
  memory: BodyMemory,
  { limit, announced, patience }: Expectation,
): Promise<ReceivedBody> {
  // One buffer: a hostile message comes in millions of pieces.
  let buffer = Buffer.allocUnsafe(FREE_OCTETS);
  let length = 0;
  const held: (() => void)[] = [];
  const release = (): void => {
    for (const giveBack of held.splice(0)) giveBack();
  };
  /** Up to now, without the time in which it was not read because there was no memory. */
  let since: number | undefined;
  const look = setInterval(
    () => {
      const allowed = patience * (1 + length / PATIENCE_OCTETS);
      if (since === undefined || performance.now() - since < allowed) return;
      stream.destroy(new SlowSenderError(`a message was given up, of which ${length} octets had come`));
    },
    Math.min(LOOK_MS, patience / 4),
  ).unref();
  try {
    for await (const piece of stream as AsyncIterable<Buffer>) {
      const end = length + piece.length;
      for (const { budget, octets } of sharesFor(end, buffer.length, memory, { limit, announced })) {
        const before = since === undefined ? 0 : performance.now() - since;
        since = undefined;
        held.push(await budget.acquire(octets * COPIES));
        since = performance.now() - before;
        const larger = Buffer.allocUnsafe(octets);
        buffer.copy(larger, 0, 0, length);
        buffer = larger;
      }
      if (end <= buffer.length) piece.copy(buffer, length);
      // The pieces are outside of what V8 looks at when it decides whether to tidy up.
      if (Math.floor(end / TIDY_EVERY) > Math.floor(length / TIDY_EVERY)) tidyUp();
      length = end;
    }
  } catch (error) {
    release();
    throw error;
  } finally {
    clearInterval(look);
  }
  return { bytes: length <= buffer.length ? buffer.subarray(0, length) : undefined, length, release };
}

/** What must be asked for before a message that fills a buffer can grow; nothing where it may not. */
function sharesFor(
  wanted: number,
  present: number,
  { usual, large }: BodyMemory,
  { limit, announced }: Pick<Expectation, 'limit' | 'announced'>,
): { readonly budget: MemoryBudget; readonly octets: number }[] {
  if (wanted <= present || wanted > limit) return [];
  // Mail servers count a line end as one octet or two, so what is announced may grow to twice as much.
  const expected = announced === undefined ? limit : Math.min(limit, announced * 2 + FREE_OCTETS);
  const small = { budget: usual, octets: Math.min(expected, USUAL_OCTETS) };
  const big = { budget: large, octets: expected };
  if (present === FREE_OCTETS && wanted <= small.octets) return [small];
  return present < expected && wanted <= expected ? [big] : [];
}
