import { FerrymanError } from '../../src/errors.ts';
import { decode } from '../../src/message/charset.ts';
import { parseContentType } from '../../src/message/content-type.ts';
import { encodeChunks } from '../../src/message/encoded-words.ts';
import { isInstanceOf, type PickleValue, PyBytes, PyInstance, PyTuple } from '../pickle/values.ts';
import { MAILMAN21_HEADER_WIDTH, refoldHeader } from './refold.ts';

/** A pickled message of Mailman 2.1 cannot be written out; the message says which part is not as expected. */
export class PickledMessageError extends FerrymanError {
  override name = 'PickledMessageError';
}

/** How a message is written out. */
export interface Flattening {
  /** Put `>` before lines of bodies that begin with `From `, as in an mbox. */
  readonly mangleFrom: boolean;
  /** Fold the headers of the message itself anew, as Python does; else they leave as they came. */
  readonly refold: boolean;
}

/** As Mailman 2.1 hands a message to the mail server. */
const AS_DELIVERED: Flattening = { mangleFrom: false, refold: true };

/** Messages inside messages beyond this are no mail any more. */
const DEEPEST = 100;

/**
 * The bytes of a message that Mailman 2.1 pickled (an instance of `Mailman.Message.Message` or of a class of Python's
 * `email`), or stored as a string, as Python's `Generator` writes them. Lines end with LF.
 * @throws PickledMessageError
 */
export function flattenMessage(value: PickleValue | undefined, how: Flattening = AS_DELIVERED): Buffer {
  if (value instanceof PyBytes) return value.toBuffer();
  if (typeof value === 'string') return Buffer.from(value, 'utf8');
  return Buffer.from(new Flattener(how).message(value, how.refold, 0), 'latin1');
}

/** Works on texts with one character per byte. */
class Flattener {
  readonly #how: Flattening;

  constructor(how: Flattening) {
    this.#how = how;
  }

  message(value: PickleValue | undefined, refold: boolean, depth: number): string {
    if (!(value instanceof PyInstance)) throw new PickledMessageError('a part is no message');
    if (depth > DEEPEST) throw new PickledMessageError(`parts nested more than ${DEEPEST} deep`);
    const headers = headersOf(value);
    const contentType = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
    const preset = bytesAt(value, '_default_type') ?? 'text/plain';
    const { type, subtype, parameters } = parseContentType(unfold(contentType), preset);
    const boundary = parameters.get('boundary')?.trimEnd() ?? '';
    const isDeliveryStatus = type === 'message' && subtype === 'delivery-status';
    const body =
      type === 'multipart'
        ? this.#multipart(value, boundary, depth)
        : isDeliveryStatus
          ? this.#deliveryStatus(value, depth)
          : type === 'message'
            ? this.#inner(value, depth)
            : this.#text(value);
    const lines = headers.map(([name, text]) => `${name}: ${refold ? this.#fold(name, text) : text}\n`);
    return `${lines.join('')}\n${body}`;
  }

  #fold(name: string, value: string): string {
    return /[\x80-\xff]/.test(value) ? value : refoldHeader(name, value, MAILMAN21_HEADER_WIDTH);
  }

  #text(value: PyInstance): string {
    const payload = value.get('_payload');
    if (payload === null || payload === undefined) return '';
    const text = textOf(payload);
    if (text === undefined) throw new PickledMessageError('a part that is no multipart has parts');
    return this.#mangle(text);
  }

  #multipart(value: PyInstance, boundary: string, depth: number): string {
    const payload = value.get('_payload') ?? [];
    const whole = textOf(payload);
    if (whole !== undefined) return whole;
    const parts = (Array.isArray(payload) ? payload : [payload]).map((part) =>
      this.message(part, false, depth + 1),
    );
    const mark = boundary === '' ? inventBoundary(parts) : boundary;
    const preamble = textOf(value.get('preamble'));
    const epilogue = textOf(value.get('epilogue'));
    return [
      preamble === undefined ? '' : `${this.#mangle(preamble)}\n`,
      `--${mark}\n`,
      parts.join(`\n--${mark}\n`),
      `\n--${mark}--\n`,
      epilogue === undefined ? '' : this.#mangle(epilogue),
    ].join('');
  }

  #deliveryStatus(value: PyInstance, depth: number): string {
    const payload = value.get('_payload') ?? [];
    const whole = textOf(payload);
    if (whole !== undefined) return whole;
    const blocks = Array.isArray(payload) ? payload : [];
    return blocks.map((block) => this.message(block, false, depth + 1).replace(/\n$/, '')).join('\n');
  }

  #inner(value: PyInstance, depth: number): string {
    const payload = value.get('_payload') ?? '';
    const whole = textOf(payload);
    if (whole !== undefined) return whole;
    return this.message(Array.isArray(payload) ? payload[0] : payload, false, depth + 1);
  }

  #mangle(text: string): string {
    return this.#how.mangleFrom ? text.replace(/^From /gm, '>From ') : text;
  }
}

/** The headers in their order, as they are stored: one character per byte. */
function headersOf(message: PyInstance): [string, string][] {
  const headers = message.get('_headers');
  if (!Array.isArray(headers)) throw new PickledMessageError('a message without headers');
  return headers.map((header) => {
    const [name, value] = header instanceof PyTuple ? header.items : [];
    const nameText = textOf(name);
    const text = isInstanceOf(value, 'email.header.Header') ? encodedHeader(value) : textOf(value);
    if (nameText === undefined || text === undefined)
      throw new PickledMessageError('a header that is no pair of texts');
    return [nameText, text.replace(/[\r\n]+(?![ \t])/g, '\n ')];
  });
}

/** A header that was made of texts in several charsets. */
function encodedHeader(header: PyInstance): string {
  const chunks = header.get('_chunks');
  if (!Array.isArray(chunks)) throw new PickledMessageError('a header without its parts');
  return encodeChunks(
    chunks.map((chunk) => {
      const [text, charset] = chunk instanceof PyTuple ? chunk.items : [];
      const input = charset instanceof PyInstance ? bytesAt(charset, 'input_charset') : undefined;
      const output = charset instanceof PyInstance ? bytesAt(charset, 'output_charset') : undefined;
      const isPlain = input === undefined || input === 'us-ascii';
      // Python keeps the bytes in the charset in which they will leave.
      const decoded =
        typeof text === 'string'
          ? text
          : text instanceof PyBytes
            ? decode(text.toBuffer(), isPlain ? 'us-ascii' : (output ?? input))
            : '';
      return { charset: isPlain ? undefined : (output ?? input), text: decoded };
    }),
  );
}

function bytesAt(instance: PyInstance, name: string): string | undefined {
  return textOf(instance.get(name));
}

/** One character per byte; undefined where the value is no text. */
function textOf(value: PickleValue | undefined): string | undefined {
  if (value instanceof PyBytes) return value.latin1;
  return typeof value === 'string' ? Buffer.from(value, 'utf8').toString('latin1') : undefined;
}

function unfold(value: string | undefined): string | undefined {
  return value?.replace(/\r?\n(?=[ \t])/g, '');
}

function inventBoundary(parts: readonly string[]): string {
  for (let number = 0; ; number += 1) {
    const boundary = `===============${String(number).padStart(10, '0')}==`;
    if (!parts.some((part) => part.includes(`--${boundary}`))) return boundary;
  }
}
