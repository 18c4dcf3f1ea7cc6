/** A content transfer encoding (RFC 2045 6) by what has to be done to read it. */
export type TransferEncoding = 'identity' | 'base64' | 'quoted-printable' | 'uuencode';

/** RFC 2045 6.7 and 6.8: encoded lines are at most this long. */
const MAX_LINE = 76;

/** What a Content-Transfer-Encoding value asks for; unknown ones are read as they are, as Python reads them. */
export function transferEncodingOf(value: string | undefined): TransferEncoding {
  switch (/[^\s;]+/.exec(value ?? '')?.[0].toLowerCase()) {
    case 'base64':
      return 'base64';
    case 'quoted-printable':
      return 'quoted-printable';
    case 'x-uuencode':
    case 'uuencode':
    case 'uue':
    case 'x-uue':
      return 'uuencode';
    default:
      return 'identity';
  }
}

/** Undoes a transfer encoding, leniently: what does not belong to it is skipped (base64) or kept (quoted-printable). */
export function decodeTransfer(body: Buffer, encoding: TransferEncoding): Buffer {
  switch (encoding) {
    case 'base64':
      return decodeBase64(body.toString('latin1'));
    case 'quoted-printable':
      return decodeQuotedPrintable(body);
    case 'uuencode':
      return decodeUuencode(body.toString('latin1'));
    case 'identity':
      return body;
  }
}

/** Applies a transfer encoding; uuencode is only read, so that base64 takes its place (the header must say so). */
export function encodeTransfer(bytes: Buffer, encoding: TransferEncoding, lineEnd = '\r\n'): Buffer {
  switch (encoding) {
    case 'identity':
      return bytes;
    case 'quoted-printable':
      return inBlocks(bytes, lineBlocks, (block) => encodeQuotedPrintable(block, lineEnd));
    case 'base64':
    case 'uuencode':
      return inBlocks(bytes, base64Blocks, (block) => encodeBase64(block, lineEnd));
  }
}

/** Octets that are encoded at once: as lines they take many times as much memory. */
const BLOCK = 57 * 4096;

function inBlocks(
  bytes: Buffer,
  cut: (bytes: Buffer) => Iterable<Buffer>,
  encode: (block: Buffer) => string,
): Buffer {
  const blocks: Buffer[] = [];
  for (const block of cut(bytes)) blocks.push(Buffer.from(encode(block), 'latin1'));
  return blocks.length === 1 && blocks[0] ? blocks[0] : Buffer.concat(blocks);
}

/** 57 octets make a line of base64. */
function* base64Blocks(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length; start += BLOCK) yield bytes.subarray(start, start + BLOCK);
}

/** Whole lines, each block with the end of its last one. */
function* lineBlocks(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length; ) {
    const newline = start + BLOCK < bytes.length ? bytes.indexOf(LF, start + BLOCK) : -1;
    const end = newline < 0 ? bytes.length : newline + 1;
    yield bytes.subarray(start, end);
    start = end;
  }
}

/** Base64 with anything between its characters, missing or early padding: several encoded texts in a row are read as one. */
export function decodeBase64(text: string): Buffer {
  // The usual case needs no copy: Node skips white space itself.
  if (isUsualBase64(text)) return Buffer.from(text, 'base64');
  const clean = text.replace(/[^A-Za-z0-9+/=]+/g, '');
  const padding = clean.indexOf('=');
  if (padding < 0 || /^=+$/.test(clean.slice(padding))) return Buffer.from(clean, 'base64');
  return Buffer.concat(clean.split(/=+/).map((piece) => Buffer.from(piece, 'base64')));
}

/** Whether there is nothing but base64 in lines, with its padding at the very end. */
function isUsualBase64(text: string): boolean {
  const padding = text.indexOf('=');
  const end = padding < 0 ? text.length : padding;
  return (
    text.length - end < 10 && /^=*\s*$/.test(text.slice(end)) && !/[^A-Za-z0-9+/\s]/.test(text.slice(0, end))
  );
}

/** Lines of base64 (RFC 2045 6.8), each with its line end. */
function encodeBase64(bytes: Buffer, lineEnd = '\r\n'): string {
  const lines = bytes.toString('base64').match(/.{1,76}/g) ?? [];
  return lines.map((line) => line + lineEnd).join('');
}

/** Undoes quoted-printable; an `=` that encodes nothing stays as it is (RFC 2045 6.7, note on robustness). */
export function decodeQuotedPrintable(body: Buffer): Buffer {
  const out = Buffer.allocUnsafe(body.length);
  let length = 0;
  let at = 0;
  while (at < body.length) {
    const next = body.indexOf(EQUALS, at);
    const plainEnd = next < 0 ? body.length : next;
    length += body.copy(out, length, at, plainEnd);
    if (next < 0) break;
    const high = hexDigit(body[next + 1]);
    const low = hexDigit(body[next + 2]);
    const broken = softBreak(body, next + 1);
    if (high >= 0 && low >= 0) {
      out[length] = high * 16 + low;
      length += 1;
      at = next + 3;
    } else if (broken !== undefined) at = broken;
    else {
      out[length] = EQUALS;
      length += 1;
      at = next + 1;
    }
  }
  return out.subarray(0, length);
}

/**
 * Quoted-printable (RFC 2045 6.7): CRLF and LF are line ends, a lone CR is encoded, lines are at most 76 long.
 * `From ` and a lone dot at the start of a line are encoded too, because mailbox files and SMTP change them.
 */
export function encodeQuotedPrintable(bytes: Buffer, lineEnd = '\r\n'): string {
  return bytes
    .toString('latin1')
    .split(/\r?\n/)
    .map((line) => quoteLine(line, lineEnd))
    .join(lineEnd);
}

function quoteLine(line: string, lineEnd: string): string {
  const pieces: string[] = [];
  let current = '';
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at] ?? '';
    const last = at === line.length - 1;
    const plain =
      (character >= '!' && character <= '~' && character !== '=') ||
      ((character === ' ' || character === '\t') && !last);
    const special =
      at === 0 && (line.startsWith('From ') || line === '.' || (character === '.' && line.startsWith('..')));
    const coded =
      plain && !special
        ? character
        : `=${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
    // One column stays free for the `=` of a soft line break.
    if (current.length + coded.length > (last ? MAX_LINE : MAX_LINE - 1)) {
      pieces.push(`${current}=${lineEnd}`);
      current = '';
    }
    current += coded;
  }
  return pieces.join('') + current;
}

const EQUALS = 0x3d;
const LF = 0x0a;

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const upper = byte & ~0x20;
  return upper >= 0x41 && upper <= 0x46 ? upper - 0x37 : -1;
}

/** Where the next line begins if nothing but blanks follows on this one; undefined else. */
function softBreak(body: Buffer, from: number): number | undefined {
  let at = from;
  // Transport may have added blanks; more than a line's worth of them is text.
  while (at - from < MAX_LINE && (body[at] === 0x20 || body[at] === 0x09)) at += 1;
  if (at >= body.length) return at;
  if (body[at] === 0x0a) return at + 1;
  return body[at] === 0x0d && body[at + 1] === 0x0a ? at + 2 : undefined;
}

function decodeUuencode(text: string): Buffer {
  const lines = text.split(/\r?\n/);
  const begin = lines.findIndex((line) => /^begin [0-7]{3,4} /.test(line));
  const pieces: Buffer[] = [];
  for (const line of lines.slice(begin + 1)) {
    if (line === 'end') break;
    const length = (line.charCodeAt(0) - 0x20) & 0x3f;
    if (line === '' || length === 0) continue;
    const bits = Array.from(
      line.slice(1, 1 + Math.ceil(length / 3) * 4),
      (c) => (c.charCodeAt(0) - 0x20) & 0x3f,
    );
    const bytes = Buffer.alloc(Math.ceil(length / 3) * 3);
    for (let group = 0; group * 4 < bits.length; group += 1) {
      const [a = 0, b = 0, c = 0, d = 0] = bits.slice(group * 4, group * 4 + 4);
      bytes.writeUIntBE((a << 18) | (b << 12) | (c << 6) | d, group * 3, 3);
    }
    pieces.push(bytes.subarray(0, length));
  }
  return Buffer.concat(pieces);
}
