import { MboxError } from './errors.ts';
import { beginsWithHeader, LOOKAHEAD, type Surroundings, separatorAt } from './separator.ts';

/**
 * Reads an mbox of any size as a stream, byte for byte: what its entries hold, one after the other, is the file.
 * Memory is bounded by the longest message, not by the file. Line ends, NULs and 8-bit bytes stay as they are, and
 * `>From ` stays quoted, because nobody can tell whether it was quoted for the mbox or by its author.
 */
export interface MboxEntry {
  /** Byte of the file where the entry begins. */
  readonly offset: number;
  /** All of it: separator, message, tail. */
  readonly bytes: Buffer;
  /** The line that begins it, with its line end. Empty for what stands before the first one. */
  readonly separator: Buffer;
  /** The message, header and body, up to the blank line that stands before the next separator. */
  readonly message: Buffer;
  /** That blank line: LF, CRLF or nothing. */
  readonly tail: Buffer;
  /** When the separator says that it was delivered: seconds since 1970, its clock taken for UTC. */
  readonly deliveredAt: number | undefined;
  /** Where in the file its lines are that begin with an unquoted `From `: Mailman reads each as one more message. */
  readonly unquoted: readonly number[];
  /** What is known of the mbox after this entry: for reading on behind it another time. */
  readonly surroundings: Surroundings;
  /** False for bytes before the first separator that are no message: blank lines, a foreign head. */
  readonly isMessage: boolean;
  /** Whether the file ends with it: somebody may still be writing it. */
  readonly isAtEnd: boolean;
  /** Gives back the memory of a long entry at once: nothing of its bytes is there any more. */
  readonly release: () => void;
}

export interface MboxOptions {
  /** Byte of the file that `source` begins with: a place where an entry begins. Default 0. */
  readonly start?: number;
  /** What was known at `start`, from the last entry before it. */
  readonly surroundings?: Surroundings;
  /** Longest message, in bytes. */
  readonly maxMessageBytes?: number;
}

/** Mail servers refuse less by far; it has to fit into memory a few times. */
const MAX_MESSAGE_BYTES = 512 * 1024 * 1024;

/** Bytes without any message after which a file is no mbox. */
const LONGEST_PREAMBLE = 1024 * 1024;

/** Bytes from which on an entry has memory of its own. */
const LONG = 4 * 1024 * 1024;

const NEEDLE = Buffer.from('\nFrom ');
const LF = 0x0a;
const CR = 0x0d;

/**
 * @param source the bytes of the mbox, in pieces of any length; each may be written over when the next is asked for
 * @throws MboxError where it is no mbox, or a message is too long
 */
export async function* readMbox(
  source: AsyncIterable<Uint8Array>,
  options: MboxOptions = {},
): AsyncGenerator<MboxEntry> {
  const scanner = new Scanner(options);
  for await (const chunk of source) {
    scanner.add(chunk);
    yield* scanner.entries(false);
  }
  yield* scanner.entries(true);
}

/** A window on the file that begins with the entry being read. */
class Scanner {
  readonly #maxMessageBytes: number;
  /** Offset in the file of the first byte of the window. */
  #offset: number;
  #window: Buffer = Buffer.alloc(0);
  #used = 0;
  /** Whether entries that were handed out point into the window. */
  #isShared = false;
  /** Where in the window to look for the next separator. */
  #scanned = 0;
  #entry: Entry | undefined;
  #surroundings: Surroundings;
  #found = 0;
  /** The separator that was found last. */
  #next: Omit<Entry, 'unquoted'> = NO_ENTRY;

  constructor({ start, surroundings, maxMessageBytes }: MboxOptions) {
    this.#offset = start ?? 0;
    this.#surroundings = surroundings ?? { deliveredBefore: undefined, knowsBetter: false };
    this.#maxMessageBytes = maxMessageBytes ?? MAX_MESSAGE_BYTES;
  }

  /** What was handed out points into older windows, so that they are never written to again. */
  add(chunk: Uint8Array): void {
    const needed = this.#used + chunk.length;
    if (needed > this.#window.length) {
      // Twice as much: a long message is copied a few times, not once for every piece of it.
      const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#used * 2));
      this.#window.copy(grown, 0, 0, this.#used);
      // Given back at once: windows of growing size that wait for the collector are twice the message.
      if (!this.#isShared) free(this.#window.buffer);
      this.#window = grown;
      this.#isShared = false;
    }
    this.#window.set(chunk, this.#used);
    this.#used = needed;
  }

  *entries(isEnd: boolean): Generator<MboxEntry> {
    for (;;) {
      const at = this.#nextSeparator(isEnd);
      if (at === undefined) break;
      yield* this.#cut(at);
    }
    this.#guardLength();
    if (isEnd) yield* this.#last();
  }

  /** Where in the window the next message begins; undefined where that is not known yet. */
  #nextSeparator(isEnd: boolean): number | undefined {
    for (;;) {
      const at = this.#nextCandidate();
      if (at === undefined) return undefined;
      if (!isEnd && this.#used - at < LOOKAHEAD) {
        this.#scanned = Math.max(0, at - 1);
        return undefined;
      }
      this.#scanned = at + 1;
      const isFirst = this.#offset + at === 0;
      const isAfterBlank = this.#blankBefore(at) > 0 || isFirst;
      const bytes = this.#window.subarray(at, Math.min(this.#used, at + LOOKAHEAD));
      const found = separatorAt({ bytes, isAfterBlank, isFirst }, this.#surroundings);
      if (!found) {
        this.#entry?.unquoted.push(this.#offset + at);
        continue;
      }
      this.#next = {
        separatorLength: found.length,
        deliveredAt: found.deliveredAt,
        surroundings: {
          deliveredBefore: found.deliveredAt ?? this.#surroundings.deliveredBefore,
          knowsBetter: this.#surroundings.knowsBetter || found.isCertain,
        },
      };
      return at;
    }
  }

  #nextCandidate(): number | undefined {
    const isFirstLine = this.#scanned === 0 && this.#entry === undefined;
    if (isFirstLine && this.#used >= 5 && this.#window.toString('latin1', 0, 5) === 'From ') return 0;
    const from = Math.max(0, this.#scanned - 1);
    const found = this.#window.subarray(0, this.#used).indexOf(NEEDLE, from);
    if (found >= 0) return found + 1;
    this.#scanned = Math.max(this.#scanned, this.#used - NEEDLE.length + 1, 0);
    return undefined;
  }

  /** Bytes of the blank line that ends before this place. */
  #blankBefore(at: number): number {
    const window = this.#window;
    if (at === 0 || window[at - 1] !== LF) return 0;
    const length = window[at - 2] === CR ? 2 : 1;
    const before = at - length;
    return before === 0 || window[before - 1] === LF ? length : 0;
  }

  *#cut(at: number): Generator<MboxEntry> {
    const entry = this.#make(at, false);
    this.#pass(at);
    if (at > 0) yield entry;
    this.#entry = { ...this.#next, unquoted: [] };
    this.#surroundings = this.#next.surroundings;
    this.#found += 1;
  }

  /** Moves the window on. What follows a long entry moves to another one, so that the entry has its own for itself. */
  #pass(length: number): void {
    const rest = this.#window.subarray(length, this.#used);
    if (this.#isAlone(length)) {
      this.#window = Buffer.allocUnsafeSlow(rest.length);
      this.#window.set(rest);
    } else {
      this.#window = this.#window.subarray(length);
      this.#isShared ||= length > 0;
    }
    this.#offset += length;
    this.#used = rest.length;
    this.#scanned = 1;
  }

  /** Whether an entry of this length can have the window for itself. */
  #isAlone(length: number): boolean {
    return length >= LONG && !this.#isShared && this.#used - length <= length;
  }

  #make(end: number, isAtEnd: boolean): MboxEntry {
    const { separatorLength, deliveredAt, unquoted } = this.#entry ?? NO_ENTRY;
    const blank = end > separatorLength ? Math.min(this.#blankBefore(end), end - separatorLength) : 0;
    const message = this.#window.subarray(separatorLength, end - blank);
    const { buffer } = this.#window;
    return {
      offset: this.#offset,
      bytes: this.#window.subarray(0, end),
      separator: this.#window.subarray(0, separatorLength),
      message,
      tail: this.#window.subarray(end - blank, end),
      deliveredAt,
      unquoted,
      surroundings: this.#surroundings,
      isMessage: this.#entry !== undefined || beginsWithHeader(message),
      isAtEnd,
      release: this.#isAlone(end) ? () => free(buffer) : keep,
    };
  }

  *#last(): Generator<MboxEntry> {
    if (this.#used === 0) return;
    const entry = this.#make(this.#used, true);
    if (this.#found === 0 && !entry.isMessage && !isBlank(entry.message)) throw this.#notAnMbox();
    yield entry;
  }

  #guardLength(): void {
    if (this.#used > this.#maxMessageBytes) {
      const megabytes = Math.round(this.#maxMessageBytes / 1024 / 1024);
      throw new MboxError(`a message longer than ${megabytes} MB begins here`, this.#offset);
    }
    if (this.#entry || this.#found > 0 || this.#used <= LONGEST_PREAMBLE) return;
    if (!beginsWithHeader(this.#window.subarray(0, this.#used))) throw this.#notAnMbox();
  }

  #notAnMbox(): MboxError {
    const start = JSON.stringify(this.#window.toString('latin1', 0, Math.min(this.#used, 30)));
    return new MboxError(`not an mbox: expected a line "From ADDRESS DATE", found ${start}`, this.#offset);
  }
}

interface Entry {
  readonly separatorLength: number;
  readonly deliveredAt: number | undefined;
  /** What is known once this separator is passed. */
  readonly surroundings: Surroundings;
  readonly unquoted: number[];
}

const NO_ENTRY: Entry = {
  separatorLength: 0,
  deliveredAt: undefined,
  surroundings: { deliveredBefore: undefined, knowsBetter: false },
  unquoted: [],
};

/** Takes the memory from all that points into it; V8 would do so when it next tidies up. */
function free(memory: ArrayBufferLike): void {
  if (memory instanceof ArrayBuffer) memory.transfer(0);
}

function keep(): void {
  // Others have a part of the same memory.
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === LF || byte === CR || byte === 0x20 || byte === 0x09);
}
