import { Headers } from './headers.ts';
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
      Buffer.from(body.replace(/\r?\n/g, '\r\n')),
    ]);
    return Message.parse(bytes);
  }

  get headers(): Headers {
    return this.root.headers;
  }

  /** An independent copy. */
  clone(): Message {
    return Message.parse(this.toBuffer());
  }

  /** The message as it goes out, with CRLF where it came with CRLF. */
  toBuffer(): Buffer {
    return serializePart(this.root);
  }
}
