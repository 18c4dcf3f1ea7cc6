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
 */
export function normalizeLineEnds(bytes: Uint8Array): Buffer {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const alone = countLoneEnds(source);
  if (alone === 0) return source;
  // Counted first and copied then: a hostile message may consist of millions of such lines.
  const target = Buffer.allocUnsafe(source.length + alone);
  let written = 0;
  for (let at = 0; at < source.length; at += 1) {
    const byte = source[at] ?? 0;
    if (byte !== CR && byte !== LF) {
      target[written] = byte;
      written += 1;
      continue;
    }
    if (byte === CR && source[at + 1] === LF) at += 1;
    target[written] = CR;
    target[written + 1] = LF;
    written += 2;
  }
  return target;
}

function countLoneEnds(source: Buffer): number {
  let count = 0;
  for (let at = source.indexOf(LF); at >= 0; at = source.indexOf(LF, at + 1)) {
    if (at === 0 || source[at - 1] !== CR) count += 1;
  }
  for (let at = source.indexOf(CR); at >= 0; at = source.indexOf(CR, at + 1)) {
    if (source[at + 1] !== LF) count += 1;
  }
  return count;
}
