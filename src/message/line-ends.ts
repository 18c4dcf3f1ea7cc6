/** How lines of a message end. */
export type LineEnd = '\r\n' | '\n';

const LF = 0x0a;
const CR = 0x0d;

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

/** How many CR and LF stand alone. */
function countLoneEnds(bytes: Buffer): number {
  let lone = 0;
  // Of a buffer, each `length` may be a call.
  const { length } = bytes;
  for (let at = 0; at < length; at += 1) {
    const byte = bytes[at];
    if (byte === CR && bytes[at + 1] === LF) at += 1;
    else if (byte === CR || byte === LF) lone += 1;
  }
  return lone;
}
