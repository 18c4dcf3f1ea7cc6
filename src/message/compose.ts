import { isAscii } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { epochFromUtc, type UtcTime } from '../model/time.ts';
import { Headers } from './headers.ts';
import { Message } from './message.ts';
import { holdsBoundary } from './multipart.ts';
import { Part } from './part.ts';
import { setPartText } from './text.ts';

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Header fields of something composed: name and value, one character per byte (see encodeHeader and formatAddress). */
export type Fields = readonly (readonly [string, string])[];

/**
 * A Date header value (RFC 5322 3.3).
 * @param offset minutes east of UTC
 */
export function formatDate(time: UtcTime, offset = 0): string {
  const local = new Date(Math.floor(epochFromUtc(time) + offset * 60) * 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const clock = [local.getUTCHours(), local.getUTCMinutes(), local.getUTCSeconds()].map(two).join(':');
  const year = String(local.getUTCFullYear()).padStart(4, '0');
  const day = `${DAYS[local.getUTCDay()]}, ${two(local.getUTCDate())} ${MONTHS[local.getUTCMonth()]} ${year}`;
  const size = Math.abs(offset);
  return `${day} ${clock} ${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`;
}

/**
 * A text part: `text/plain` in `charset` if that has all characters, else in UTF-8.
 * @param fields further headers, such as Content-Disposition or Content-Description
 * @param subtype `plain`, `html`
 */
export function textPart(text: string, charset: string, fields: Fields = [], subtype = 'plain'): Part {
  const part = new Part(new Headers(), Buffer.alloc(0));
  part.headers.append('Content-Type', `text/${subtype}`);
  setPartText(part, text, charset);
  part.headers.delete('MIME-Version');
  for (const [name, value] of fields) part.headers.append(name, value);
  return part;
}

/** A message as an attachment (message/rfc822), byte for byte. */
export function messagePart(message: Message, fields: Fields = []): Part {
  const pieces = message.toPieces();
  const headers = new Headers();
  headers.append('Content-Type', 'message/rfc822');
  // RFC 2046 5.2.1: no other encoding is allowed, but what is inside must be named.
  if (!pieces.every((piece) => isAscii(piece))) headers.append('Content-Transfer-Encoding', '8bit');
  for (const [name, value] of fields) headers.append(name, value);
  return new Part(headers, Buffer.concat(pieces));
}

/**
 * A multipart around other parts, with a boundary that occurs in none of them; its own lines end with CRLF.
 * @param subtype `mixed`, `digest`
 * @param ending text behind the last boundary, such as a digest's `End of …`; ASCII
 */
export function multipart(subtype: string, parts: readonly Part[], fields: Fields = [], ending = ''): Part {
  const bodies = parts.map((part) => Buffer.concat(part.toPieces()));
  let boundary = newBoundary();
  while (bodies.some((body) => holdsBoundary(body, [boundary]))) boundary = newBoundary();
  const pieces = bodies.flatMap((body) => [Buffer.from(`--${boundary}\r\n`), body, Buffer.from('\r\n')]);
  const headers = new Headers();
  headers.append('Content-Type', `multipart/${subtype}; boundary="${boundary}"`);
  for (const [name, value] of fields) headers.append(name, value);
  return new Part(headers, Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n${ending}`)]));
}

/** What a multipart around these parts has to say where they say that they hold 8-bit text (RFC 2045 6.4). */
export function encodingAround(parts: readonly Part[]): Fields {
  const is8Bit = parts.some(({ headers }) => headers.get('Content-Transfer-Encoding') === '8bit');
  return is8Bit ? [['Content-Transfer-Encoding', '8bit']] : [];
}

/** A message of its own header fields and a part: its MIME headers come last, as in Mailman's own mail. */
export function composeMessage(fields: Fields, content: Part): Message {
  const headers = new Headers();
  for (const [name, value] of fields) headers.append(name, value);
  headers.delete('MIME-Version');
  headers.append('MIME-Version', '1.0');
  for (const field of content.headers.fields) headers.appendField(field);
  return new Message(new Part(headers, content.body));
}

function newBoundary(): string {
  return `===============${randomBytes(16).toString('hex')}==`;
}
