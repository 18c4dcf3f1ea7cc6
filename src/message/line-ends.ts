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
  const pieces: Buffer[] = [];
  const lineEnd = Buffer.from('\r\n');
  let start = 0;
  for (let at = nextEnd(source, 0); at < source.length; at = nextEnd(source, at)) {
    if (source[at] === CR && source[at + 1] === LF) {
      at += 2;
      continue;
    }
    pieces.push(source.subarray(start, at), lineEnd);
    at += 1;
    start = at;
  }
  return pieces.length === 0 ? source : Buffer.concat([...pieces, source.subarray(start)]);
}

function nextEnd(source: Buffer, from: number): number {
  let at = from;
  while (at < source.length && source[at] !== LF && source[at] !== CR) at += 1;
  return at;
}
