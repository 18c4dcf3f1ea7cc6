import { Headers } from './headers.ts';
import { normalizeLineEnds } from './line-ends.ts';
import { type Part, parsePart } from './part.ts';

/** A message with more octets is not kept as it was last written: it would be there twice while it is changed again. */
const LARGEST_KEPT = 1_000_000;

/**
 * A mail as bytes plus edits: what nobody changed leaves exactly as it came. Looking decodes copies, never the bytes.
 * The root part is the message itself: its headers are the message's headers.
 */
export class Message {
  readonly root: Part;
  /** These bytes as they came, or as they were last written, to be given again. */
  #written: Buffer | undefined;

  constructor(root: Part, written?: Buffer) {
    this.root = root;
    this.#written = written;
  }

  /** Reads a message; never fails: what is no header begins the body, broken MIME stays one opaque part. */
  static parse(bytes: Uint8Array): Message {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new Message(parsePart(buffer), buffer);
  }

  /** A message from headers and a body, for tests and notices. */
  static of(headers: readonly (readonly [string, string])[], body: string): Message {
    const fields = new Headers();
    for (const [name, value] of headers) fields.append(name, value);
    const bytes = Buffer.concat([
      fields.toBuffer(),
      Buffer.from('\r\n'),
      normalizeLineEnds(Buffer.from(body)),
    ]);
    return Message.parse(bytes);
  }

  get headers(): Headers {
    return this.root.headers;
  }

  /** An independent copy; bytes that nobody changed are shared. */
  clone(): Message {
    return new Message(this.root.clone(), this.#written);
  }

  /**
   * The message as it goes out: every byte that nobody changed, new lines ended as the others are. The same memory as
   * before where nothing was changed since (unless it is large, and was changed before); so it must not be written to.
   */
  toBuffer(): Buffer {
    const pieces = this.toPieces();
    if (this.#written && consistsOf(this.#written, pieces)) return this.#written;
    const bytes = Buffer.concat(pieces);
    this.#written = bytes.length <= LARGEST_KEPT ? bytes : undefined;
    return bytes;
  }

  /** The same in pieces that follow each other, for writing without a copy of the whole. */
  toPieces(): Buffer[] {
    return this.root.toPieces();
  }
}

function consistsOf(whole: Buffer, pieces: readonly Buffer[]): boolean {
  let end = 0;
  for (const piece of pieces) {
    const start = end;
    end += piece.length;
    if (end > whole.length || whole.compare(piece, 0, piece.length, start, end) !== 0) return false;
  }
  return end === whole.length;
}
