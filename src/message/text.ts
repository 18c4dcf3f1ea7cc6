import { isAscii } from 'node:buffer';
import { canonicalCharset, type DecodeOptions, decode, decodeStrict, encode } from './charset.ts';
import { Headers } from './headers.ts';
import type { Message } from './message.ts';
import { holdsBoundary } from './multipart.ts';
import { formatParameter } from './parameters.ts';
import { Part } from './part.ts';
import {
  decodeTransfer,
  encodeTransfer,
  type TransferEncoding,
  transferEncodingOf,
} from './transfer-encoding.ts';
import { walk } from './walk.ts';

export { walk };

/** RFC 5322 2.1.1: longest line without its end. */
const MAX_LINE = 998;

/** How much longer base64 makes a text, with its line ends. */
const BASE64_GROWTH = 1.4;

/** The content of a part with its transfer encoding undone. */
export function partBytes(part: Part): Buffer {
  return decodeTransfer(part.body, transferEncodingOf(part.headers.get('Content-Transfer-Encoding')));
}

/**
 * The text of a text part, as well as it can be read (see `decode`), with LF at the end of lines.
 * @param options what to try where the charset is missing, unknown or wrong
 */
export function partText(part: Part, options: DecodeOptions = {}): string {
  return withoutCr(decode(partBytes(part), part.contentType.parameters.get('charset'), options));
}

/**
 * A part with no more than the beginning of the body, for those who look for something that stands there: a text may
 * have 25 MB, and take many times that as lines. A longer body ends with a whole line where there is one.
 * @param octets in its transfer encoding
 */
export function beginningOf(part: Part, octets: number): Part {
  const { body, headers } = part;
  if (body.length <= octets) return part;
  const newline = body.lastIndexOf(0x0a, octets - 1);
  return new Part(new Headers(headers.fields), body.subarray(0, newline < 0 ? octets : newline + 1));
}

/** The text of a text part whose bytes are in the charset that it names (without one: ASCII); undefined for others. */
export function strictPartText(part: Part): string | undefined {
  const text = decodeStrict(partBytes(part), part.contentType.parameters.get('charset') ?? 'us-ascii');
  return text === undefined ? undefined : withoutCr(text);
}

/**
 * The beginning of the text of the first text/plain part in order, attachments and attached messages included, as Mailman
 * takes it.
 * @param octets that are read of it, in its transfer encoding
 */
export function firstPlainText(message: Message, octets: number): string | undefined {
  for (const part of walk(message)) {
    const { type, subtype } = part.contentType;
    if (type === 'text' && subtype === 'plain') return partText(beginningOf(part, octets));
  }
  return undefined;
}

/**
 * Replaces the text of a text part: in `charset` if that has all characters, else in UTF-8 (Japanese goes out as
 * ISO-2022-JP, as mail in Japan does). The other parameters of Content-Type, such as format=flowed, stay. The
 * transfer encoding stays base64 or quoted-printable if it was; else it is 7bit where that is possible, or whichever
 * of the two is shorter.
 * @param text with LF (or CRLF) at the end of lines
 * @param charset without it, that of the part
 */
export function setPartText(part: Part, text: string, charset?: string): void {
  const { type, subtype, parameters } = part.contentType;
  const { label, bytes } = encodeText(withoutCr(text), charset ?? parameters.get('charset') ?? 'us-ascii');
  const { headers } = part;
  const old = transferEncodingOf(headers.get('Content-Transfer-Encoding'));
  const { encoding, body } = encodeBody(bytes, old, part);
  if (!headers.has('MIME-Version') && isOutermost(part)) headers.append('MIME-Version', '1.0');
  const others = [...parameters].filter(([name]) => name !== 'charset');
  if (parameters.get('charset')?.toLowerCase() !== label || !headers.has('Content-Type')) {
    const written = others.map(([name, value]) => `; ${formatParameter(name, value)}`).join('');
    headers.set('Content-Type', `${type}/${subtype}; charset="${label}"${written}`);
  }
  headers.set('Content-Transfer-Encoding', encoding);
  part.body = body;
}

function withoutCr(text: string): string {
  return text.replaceAll('\r\n', '\n');
}

/** Whether the part is a message's root; only there MIME-Version belongs (RFC 2045 4). */
function isOutermost(part: Part): boolean {
  return part.parent === undefined || part.parent.message === part;
}

function encodeText(text: string, charset: string): { label: string; bytes: Buffer } {
  const name = canonicalCharset(charset);
  const label = name === 'euc-jp' || name === 'shift_jis' ? 'iso-2022-jp' : charset.toLowerCase();
  const bytes = encode(text, label);
  return bytes ? { label, bytes } : { label: 'utf-8', bytes: Buffer.from(text.toWellFormed(), 'utf8') };
}

function encodeBody(bytes: Buffer, old: TransferEncoding, part: Part): { encoding: string; body: Buffer } {
  const { lineEnd } = part.headers;
  // A text that looks like a boundary of the message would end its part; base64 has no hyphens.
  const boundaries = part.boundariesAround;
  if (old === 'identity' && isSevenBit(bytes)) {
    const body = Buffer.from(withLineEnds(bytes, lineEnd), 'latin1');
    if (!holdsBoundary(body, boundaries)) return { encoding: '7bit', body };
  }
  const limit = old === 'quoted-printable' ? Number.POSITIVE_INFINITY : bytes.length * BASE64_GROWTH + 100;
  // Most texts that are not short this way need not be written to see it.
  if ((old === 'identity' || old === 'quoted-printable') && leastQuoted(bytes) < limit) {
    const body = encodeTransfer(bytes, 'quoted-printable', lineEnd);
    if (body.length < limit && !holdsBoundary(body, boundaries))
      return { encoding: 'quoted-printable', body };
  }
  const canonical = Buffer.from(withLineEnds(bytes, '\r\n'), 'latin1');
  return { encoding: 'base64', body: encodeTransfer(canonical, 'base64', lineEnd) };
}

/** How long bytes are at least in quoted-printable. */
function leastQuoted(bytes: Buffer): number {
  let length = bytes.length;
  for (const byte of bytes) if (byte > 0x7e) length += 2;
  return length;
}

/** RFC 2045 2.7 */
function isSevenBit(bytes: Buffer): boolean {
  if (!isAscii(bytes) || bytes.includes(0) || bytes.includes('\r')) return false;
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf('\n', start);
    const end = newline < 0 ? bytes.length : newline;
    if (end - start > MAX_LINE) return false;
    start = end + 1;
  }
  return true;
}

function withLineEnds(bytes: Buffer, lineEnd: string): string {
  return bytes.toString('latin1').replaceAll('\n', lineEnd);
}
