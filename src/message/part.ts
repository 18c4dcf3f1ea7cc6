import { type ContentType, parseContentType } from './content-type.ts';
import { splitHeaders } from './header-section.ts';
import { Headers } from './headers.ts';
import { joinMultipart, type MultipartText, splitMultipart } from './multipart.ts';

/**
 * A MIME part: the message itself, a part of a multipart, or the message inside a message/rfc822 part.
 *
 * `body` is what follows the headers, exactly as it came. A multipart also has `children`; as long as nobody changes
 * it, its bytes are those of `body`. Whoever changes a child or the list of children must call `touch()` on the
 * multipart (and on those around it) so that it is put together anew.
 */
export class Part {
  readonly headers: Headers;
  #body: Buffer;
  #multipart: MultipartText | undefined;
  #children: Part[] | undefined;
  #touched = false;
  /** The line end between headers and body as it came; missing where the headers end the message. */
  readonly #separator: string;

  constructor(headers: Headers, body: Buffer, separator = '\r\n') {
    this.headers = headers;
    this.#body = body;
    this.#separator = separator;
  }

  get contentType(): ContentType {
    return parseContentType(this.headers.get('Content-Type'));
  }

  /** The body in its transfer encoding; of a multipart, with all its parts. */
  get body(): Buffer {
    return this.#touched && this.#multipart
      ? joinMultipart(this.#multipart, this.children.map(serializePart))
      : this.#body;
  }

  /** Replaces the body; the headers must say what is in it. */
  set body(bytes: Buffer) {
    this.#body = bytes;
    this.#children = undefined;
    this.#multipart = undefined;
    this.#touched = false;
  }

  /** Whether this is a multipart whose parts can be told apart. */
  get isMultipart(): boolean {
    return this.children.length > 0;
  }

  /** The parts of a multipart; none for anything else. Change it only together with `touch()`. */
  get children(): Part[] {
    if (!this.#children) {
      const { type, parameters } = this.contentType;
      this.#multipart =
        type === 'multipart' ? splitMultipart(this.#body, parameters.get('boundary') ?? '') : undefined;
      this.#children = this.#multipart?.parts.map(parsePart) ?? [];
    }
    return this.#children;
  }

  /** Says that a child was changed, added or removed. */
  touch(): void {
    void this.children;
    this.#touched = true;
  }

  /** The headers' end. */
  get separator(): string {
    return this.#separator;
  }
}

/** Reads a part; never fails. */
export function parsePart(bytes: Buffer): Part {
  const { headers, body, separator } = splitHeaders(bytes);
  return new Part(new Headers(headers), body, separator);
}

/** The part as bytes: as it came where nothing was changed. */
export function serializePart(part: Part): Buffer {
  return Buffer.concat([part.headers.toBuffer(), Buffer.from(part.separator, 'latin1'), part.body]);
}
