import type { HeaderField } from './headers.ts';

/** Fields beyond this many stay part of the last one: no reader needs more, and work per message is bounded. */
const MAX_FIELDS = 5000;

/** A message or part taken apart at the empty line. */
export interface HeaderSection {
  readonly headers: readonly HeaderField[];
  /** The empty line; '' where the message ends with its headers. */
  readonly separator: string;
  readonly body: Buffer;
}

const LF = 0x0a;
const FIELD_START = /^[\x21-\x39\x3b-\x7e]+[ \t]*:/;

/** Splits headers from body (RFC 5322 2.1). A line that can be no header begins the body, as Python's parser does it. */
export function splitHeaders(bytes: Buffer): HeaderSection {
  const headers: { name: string; raw: string }[] = [];
  let position = 0;
  while (position < bytes.length) {
    const newline = bytes.indexOf(LF, position);
    const end = newline < 0 ? bytes.length : newline + 1;
    const line = bytes.toString('latin1', position, end);
    if (line === '\n' || line === '\r\n') return { headers, separator: line, body: bytes.subarray(end) };
    const last = headers.at(-1);
    const start = FIELD_START.exec(line)?.[0];
    if ((line.startsWith(' ') || line.startsWith('\t')) && last) last.raw += line;
    else if (start !== undefined && headers.length < MAX_FIELDS)
      headers.push({ name: start.replace(/[ \t]*:$/, ''), raw: line });
    else if (start !== undefined && last) last.raw += line;
    else return { headers, separator: '', body: bytes.subarray(position) };
    position = end;
  }
  return { headers, separator: '', body: bytes.subarray(bytes.length) };
}
