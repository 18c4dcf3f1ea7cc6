/** How lines of a message end. */
export type LineEnd = '\r\n' | '\n';

const LF = 0x0a;
const CR = 0x0d;
const LONE_END = /\r(?!\n)|(?<!\r)\n/;

/** Octets that are looked at in one text. */
const PIECE = 65_536;

/** The line end of the first line; undefined where there is no line end at all. */
export function lineEndOf(bytes: Uint8Array): LineEnd | undefined {
  const newline = bytes.indexOf(LF);
  if (newline < 0) return undefined;
  return newline > 0 && bytes[newline - 1] === CR ? '\r\n' : '\n';
}

/**
 * CRLF at the end of every line: a CR or LF that stands alone counts as a line end (RFC 5321 2.3.8 allows neither in
 * transport, and a relay that reads them as line ends must not see another message than we do).
 * @returns the same memory where nothing is missing
 */
export function normalizeLineEnds(bytes: Uint8Array): Buffer {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!mayHaveLoneEnds(source)) return source;
  const missing = countLoneEnds(source);
  if (missing === 0) return source;
  const normal = Buffer.allocUnsafe(source.length + missing);
  let length = 0;
  for (let at = 0; at < source.length; at += 1) {
    const byte = source[at] ?? 0;
    if (byte !== CR && byte !== LF) {
      normal[length] = byte;
      length += 1;
      continue;
    }
    normal[length] = CR;
    normal[length + 1] = LF;
    length += 2;
    if (byte === CR && source[at + 1] === LF) at += 1;
  }
  return normal;
}

/** What most messages have not is seen by a pattern in a third of the time; a CRLF that is cut in two looks like it, too. */
function mayHaveLoneEnds(bytes: Buffer): boolean {
  for (let start = 0; start < bytes.length; start += PIECE) {
    if (LONE_END.test(bytes.toString('latin1', start, start + PIECE))) return true;
  }
  return false;
}

/** How many CR and LF stand alone. */
function countLoneEnds(bytes: Buffer): number {
  let lone = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === CR && bytes[at + 1] === LF) at += 1;
    else if (byte === CR || byte === LF) lone += 1;
  }
  return lone;
}
