import type { HeaderField } from './headers.ts';
import { type LineEnd, lineEndOf } from './line-ends.ts';

/** Fields beyond this many are kept as one nameless block: no reader needs more, and work per message is bounded. */
export const MAX_FIELDS = 5000;

/** A message or part taken apart at the empty line. */
export interface HeaderSection {
  readonly headers: readonly HeaderField[];
  /** The empty line; '' where the message ends with its headers, or where its body begins without one. */
  readonly separator: string;
  readonly body: Buffer;
  /** What ends the first line; undefined where there is no line end. */
  readonly lineEnd: LineEnd | undefined;
}

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const COLON = 0x3a;
const ENVELOPE_LINE = Buffer.from('From ');

/**
 * Splits headers from body (RFC 5322 2.1, with the blanks before the colon of 4.5). A line that can be no header
 * begins the body, as Python's parser does it; an mbox `From ` line, a continuation of nothing or a line without a
 * name stays among the headers, under the name ''.
 */
export function splitHeaders(bytes: Buffer): HeaderSection {
  const headers: HeaderField[] = [];
  const lineEnd = lineEndOf(bytes);
  let open: { name: string; start: number } | undefined;
  const finish = (separator: string, end: number): HeaderSection => {
    if (open) headers.push({ name: open.name, raw: bytes.toString('latin1', open.start, end) });
    return { headers, separator, body: bytes.subarray(end + separator.length), lineEnd };
  };
  let position = 0;
  while (position < bytes.length) {
    const newline = bytes.indexOf(LF, position);
    const end = newline < 0 ? bytes.length : newline + 1;
    const first = bytes[position];
    if (first === LF) return finish('\n', position);
    if (first === CR && bytes[position + 1] === LF) return finish('\r\n', position);
    if (first === SPACE || first === TAB) open ??= { name: '', start: position };
    else {
      const name = fieldName(bytes, position, end);
      if (name === undefined) return finish('', position);
      if (headers.length < MAX_FIELDS) {
        if (open) headers.push({ name: open.name, raw: bytes.toString('latin1', open.start, position) });
        open = { name: headers.length < MAX_FIELDS ? name : '', start: position };
      }
    }
    position = end;
  }
  return finish('', bytes.length);
}

/** The name of the field that starts here; undefined where none does. */
function fieldName(bytes: Buffer, start: number, end: number): string | undefined {
  let at = start;
  while (at < end && isNameByte(bytes[at])) at += 1;
  const name = bytes.toString('latin1', start, at);
  while (bytes[at] === SPACE || bytes[at] === TAB) at += 1;
  if (at < end && bytes[at] === COLON) return name;
  return start === 0 && bytes.subarray(0, ENVELOPE_LINE.length).equals(ENVELOPE_LINE) ? '' : undefined;
}

function isNameByte(byte: number | undefined): boolean {
  return byte !== undefined && byte > SPACE && byte < 0x7f && byte !== COLON;
}
