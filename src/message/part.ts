import { type ContentType, parseContentType } from './content-type.ts';
import { splitHeaders } from './header-section.ts';
import { Headers } from './headers.ts';
import type { LineEnd } from './line-ends.ts';
import { joinMultipart, type MultipartText, splitMultipart } from './multipart.ts';
import {
  decodeTransfer,
  encodeTransfer,
  type TransferEncoding,
  transferEncodingOf,
} from './transfer-encoding.ts';

/** Multiparts and messages nested deeper than this stay in one piece. */
export const MAX_DEPTH = 100;
/** Parts of one message beyond this many are not told apart: their multipart stays in one piece. */
export const MAX_PARTS = 1000;
/** Bytes of one message that are searched for boundaries, over all levels: bounds the work on big, deep nests. */
const MAX_SEARCHED = 250_000_000;

const MESSAGE_TYPES: readonly string[] = ['rfc822', 'global', 'news'];

/**
 * A MIME part: the message itself, a part of a multipart, or the message inside a message/rfc822 part.
 *
 * `body` is what follows the headers, exactly as it came. A multipart also has `children`, and a message/rfc822 part
 * a `message`. As long as nothing in them changes, its bytes are those of `body`. A change of a header or a body
 * reaches the parts around it by itself; whoever changes the list of children calls `touch()` on the multipart.
 */
export class Part {
  readonly headers: Headers;
  /** The body as it is, in pieces that follow each other. */
  #pieces: readonly Buffer[];
  #multipart: MultipartText | undefined;
  #children: Part[] | undefined;
  #message: { readonly part: Part | undefined } | undefined;
  #touched = false;
  #parent: Part | undefined;
  #place: Place;
  /** The line end between headers and body as it came; missing where the headers end the message. */
  #separator: string;

  constructor(headers: Headers, body: Buffer, separator = '\r\n', place: Place = outermost()) {
    this.headers = headers;
    this.#pieces = [body];
    this.#separator = separator;
    this.#place = place;
    headers.onChange(() => this.#parent?.touch());
  }

  /** The type of the content; of a digest's part without the header, message/rfc822. */
  get contentType(): ContentType {
    return parseContentType(this.headers.get('Content-Type'), this.#place.presetType);
  }

  /** The body in its transfer encoding; of a multipart, with all its parts. */
  get body(): Buffer {
    return this.#touched ? Buffer.concat(this.#bodyPieces()) : this.#whole;
  }

  /** Replaces the body; the headers must say what is in it. */
  set body(bytes: Buffer) {
    this.#replaceBody([bytes]);
  }

  /** Puts bytes before and behind the body, which is not copied for that. */
  surroundBody(before: Buffer, behind: Buffer): void {
    this.#replaceBody([before, ...this.#bodyPieces(), behind]);
  }

  #replaceBody(pieces: readonly Buffer[]): void {
    this.#pieces = pieces;
    this.#children = undefined;
    this.#multipart = undefined;
    this.#message = undefined;
    this.#touched = false;
    this.#place = { ...this.#place, budget: new Budget() };
    if (this.#separator === '') this.#separator = this.headers.lineEnd;
    this.#parent?.touch();
  }

  get #whole(): Buffer {
    const [only, ...others] = this.#pieces;
    if (only && others.length === 0) return only;
    const whole = Buffer.concat(this.#pieces);
    this.#pieces = [whole];
    return whole;
  }

  /** Whether this is a multipart whose parts can be told apart. */
  get isMultipart(): boolean {
    return this.children.length > 0;
  }

  /**
   * Whether something in here cannot be looked at: a multipart without its boundary, with too many parts or nested
   * too deeply, or a message nested too deeply.
   */
  get isOpaque(): boolean {
    void this.children;
    const { type } = this.contentType;
    if (type === 'multipart') return this.#multipart === undefined;
    return this.#holdsMessage() && this.message === undefined;
  }

  /** The parts of a multipart; none for anything else. Change the list only together with `touch()`. */
  get children(): Part[] {
    if (!this.#children) {
      this.#multipart = this.#split();
      this.#children = this.#multipart?.parts.map((bytes) => this.#parseInside(bytes)) ?? [];
    }
    return this.#children;
  }

  /** The message in a message/rfc822 part, as the part that it is; undefined for anything else. */
  get message(): Part | undefined {
    if (!this.#message) {
      const readable = this.#holdsMessage() && this.#transferEncoding() !== 'uuencode';
      const allowed = readable && this.#place.depth < MAX_DEPTH && this.#place.budget.take(1, 0);
      const bytes = allowed ? decodeTransfer(this.#whole, this.#transferEncoding()) : undefined;
      this.#message = { part: bytes && this.#parseInside(bytes) };
    }
    return this.#message.part;
  }

  /** The part around this one: its multipart, or the message/rfc822 part that it is the message of. */
  get parent(): Part | undefined {
    return this.#parent;
  }

  /** The boundaries of the multiparts around this part: no line in here may be one of them. */
  get boundariesAround(): string[] {
    const boundaries: string[] = [];
    for (let part = this.#parent; part; part = part.#parent)
      if (part.#multipart) boundaries.push(part.#multipart.boundary);
    return boundaries;
  }

  /** Says that the list of children was changed. */
  touch(): void {
    for (const child of this.children) child.#parent = this;
    this.#touched = true;
    this.#parent?.touch();
  }

  /** An independent copy, which stands alone; bytes that nobody changed are shared. */
  clone(): Part {
    const { headers } = this;
    const copy = new Part(new Headers(headers.fields, headers.lineEnd), this.#whole, this.#separator, {
      ...outermost(),
      presetType: this.#place.presetType,
    });
    if (!this.#touched) return copy;
    copy.#multipart = this.#multipart;
    copy.#children = this.children.map((child) => copy.#adopt(child.clone()));
    const inner = this.#message?.part;
    copy.#message = inner && { part: copy.#adopt(inner.clone()) };
    copy.#touched = true;
    return copy;
  }

  /** The part as bytes, in pieces that follow each other: as it came where nothing was changed. */
  toPieces(): Buffer[] {
    const body = this.#bodyPieces();
    const headers = this.headers.toBuffer();
    const pieces = [headers];
    const more = this.#separator !== '' || body.some((piece) => piece.length > 0);
    if (more && headers.length > 0 && headers.at(-1) !== 0x0a) pieces.push(Buffer.from(this.headers.lineEnd));
    return [...pieces, Buffer.from(this.#separatorBefore(body)), ...body].filter((piece) => piece.length > 0);
  }

  /** A body that came without a line end before it needs one when it has changed: its first line may look like a header. */
  #separatorBefore(body: readonly Buffer[]): string {
    if (this.#separator !== '' || !this.#touched) return this.#separator;
    return Buffer.concat(body).equals(this.#whole) ? '' : this.headers.lineEnd;
  }

  #bodyPieces(): readonly Buffer[] {
    if (!this.#touched) return this.#pieces;
    if (this.#multipart) {
      const parts = this.children.map((child) => child.toPieces());
      return joinMultipart(this.#multipart, parts, this.headers.lineEnd);
    }
    const inner = this.#message?.part?.toPieces();
    if (!inner) return this.#pieces;
    const encoding = this.#transferEncoding();
    return encoding === 'identity'
      ? inner
      : [encodeTransfer(Buffer.concat(inner), encoding, this.headers.lineEnd)];
  }

  #split(): MultipartText | undefined {
    const { type, parameters } = this.contentType;
    const { depth, budget } = this.#place;
    if (type !== 'multipart' || depth >= MAX_DEPTH || !budget.take(0, this.#whole.length)) return undefined;
    const boundary = (parameters.get('boundary') ?? '').trimEnd();
    const text = splitMultipart(this.#whole, boundary, MAX_PARTS);
    return text && budget.take(text.parts.length, 0) ? text : undefined;
  }

  #parseInside(bytes: Buffer): Part {
    const { type, subtype } = this.contentType;
    const place: Place = {
      depth: this.#place.depth + 1,
      budget: this.#place.budget,
      presetType: type === 'multipart' && subtype === 'digest' ? 'message/rfc822' : 'text/plain',
    };
    return this.#adopt(parsePart(bytes, place, this.headers.lineEnd));
  }

  #adopt(part: Part): Part {
    part.#parent = this;
    return part;
  }

  #holdsMessage(): boolean {
    const { type, subtype } = this.contentType;
    return type === 'message' && MESSAGE_TYPES.includes(subtype);
  }

  #transferEncoding(): TransferEncoding {
    return transferEncodingOf(this.headers.get('Content-Transfer-Encoding'));
  }
}

/** Where a part stands in its message. */
interface Place {
  readonly depth: number;
  readonly budget: Budget;
  /** The content type of a part that names none. */
  readonly presetType: string;
}

/** What may still be taken apart of one message. */
class Budget {
  #parts = MAX_PARTS;
  #bytes = MAX_SEARCHED;

  take(parts: number, bytes: number): boolean {
    if (parts > this.#parts || bytes > this.#bytes) return false;
    this.#parts -= parts;
    this.#bytes -= bytes;
    return true;
  }
}

function outermost(): Place {
  return { depth: 0, budget: new Budget(), presetType: 'text/plain' };
}

/**
 * Reads a part; never fails.
 * @param lineEnd what ends new lines where the part has no line end itself
 */
export function parsePart(bytes: Buffer, place: Place = outermost(), lineEnd?: LineEnd): Part {
  const { headers, body, separator, lineEnd: own } = splitHeaders(bytes);
  return new Part(new Headers(headers, own ?? lineEnd ?? '\r\n'), body, separator, place);
}
