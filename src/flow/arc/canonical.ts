import { createHash } from 'node:crypto';
import { type HeaderField, trimBlanks } from '../../message/headers.ts';

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;

/** Canonicalised octets that are hashed at once. */
const BLOCK = 65_536;

/** RFC 6376 3.4.2: a header field of the relaxed form, one character per byte, without the line end behind it. */
export function relaxedField({ name, raw }: HeaderField): string {
  const value = raw.slice(raw.indexOf(':', name.length) + 1);
  const line = value.replace(/[\r\n]+/g, '').replace(/[ \t]+/g, ' ');
  return `${name.toLowerCase()}:${trimBlanks(line)}`;
}

/**
 * RFC 6376 3.4.4 and 3.7: SHA-256 of a body in its relaxed form, base64. Lines of the body end with CRLF or LF.
 */
export function relaxedBodyHash(body: Buffer): string {
  const hash = createHash('sha256');
  const block = Buffer.allocUnsafe(BLOCK);
  let filled = 0;
  const put = (byte: number): void => {
    if (filled === BLOCK) {
      hash.update(block);
      filled = 0;
    }
    block[filled] = byte;
    filled += 1;
  };
  // Line ends are held back until something follows them, for empty lines at the end do not count.
  let lineEnds = 0;
  let isBlankPending = false;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at] ?? 0;
    if (byte === SPACE || byte === TAB) isBlankPending = true;
    else if (byte === LF || (byte === CR && body[at + 1] === LF)) {
      if (byte === CR) at += 1;
      lineEnds += 1;
      isBlankPending = false;
    } else {
      for (; lineEnds > 0; lineEnds -= 1) {
        put(CR);
        put(LF);
      }
      if (isBlankPending) put(SPACE);
      isBlankPending = false;
      put(byte);
    }
  }
  // A last line of blanks only is an empty line like others.
  const isEmpty = filled === 0;
  if (!isEmpty) {
    put(CR);
    put(LF);
  }
  return hash.update(block.subarray(0, filled)).digest('base64');
}
