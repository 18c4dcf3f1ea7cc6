import { Headers } from './headers.ts';
import { normalizeLineEnds } from './line-ends.ts';
import { type Part, parsePart, serializePart } from './part.ts';

/**
 * A mail as bytes plus edits: what nobody changed leaves exactly as it came. Looking decodes copies, never the bytes.
 * The root part is the message itself: its headers are the message's headers.
 */
export class Message {
  readonly root: Part;

  constructor(root: Part) {
    this.root = root;
  }

  /** Reads a message; never fails: what is no header begins the body, broken MIME stays one opaque part. */
  static parse(bytes: Uint8Array): Message {
    return new Message(parsePart(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)));
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
    return new Message(this.root.clone());
  }

  /** The message as it goes out: every byte that nobody changed, new lines ended as the others are. */
  toBuffer(): Buffer {
    return serializePart(this.root);
  }

  /** The same in pieces that follow each other, for writing without a copy of the whole. */
  toPieces(): Buffer[] {
    return this.root.toPieces();
  }
}
