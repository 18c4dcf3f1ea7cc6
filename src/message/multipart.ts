/** A multipart body taken apart at its boundary lines, so that it can be put together again byte for byte. */
export interface MultipartText {
  /** What stands before the first boundary line. */
  readonly preamble: Buffer;
  /** Each part, headers and body, without the line end that belongs to the following boundary (RFC 2046 5.1.1). */
  readonly parts: readonly Buffer[];
  /** The boundary lines in front of each part, with the line end before them. */
  readonly delimiters: readonly Buffer[];
  /** The closing boundary line and what follows; empty where it is missing. */
  readonly ending: Buffer;
  readonly boundary: string;
}

/** Parts beyond this many are left in one piece. */
const MAX_PARTS = 1000;

/** Takes a multipart body apart; undefined where the boundary does not occur. */
export function splitMultipart(body: Buffer, boundary: string): MultipartText | undefined {
  if (boundary === '') return undefined;
  const marks = boundaryLines(body, boundary);
  const [first] = marks;
  if (!first || first.closing) return undefined;
  const closing = marks.findIndex((mark) => mark.closing);
  const opening = closing < 0 ? marks : marks.slice(0, closing);
  const end = closing < 0 ? body.length : (marks[closing]?.start ?? body.length);
  return {
    preamble: body.subarray(0, first.start),
    parts: opening.map((mark, index) => body.subarray(mark.end, opening[index + 1]?.start ?? end)),
    delimiters: opening.map((mark) => body.subarray(mark.start, mark.end)),
    ending: body.subarray(end),
    boundary,
  };
}

/** Puts a multipart together with other parts; the first ones keep the boundary lines that they came with. */
export function joinMultipart(text: MultipartText, parts: readonly Buffer[]): Buffer {
  const pieces: Buffer[] = [text.preamble];
  for (const [index, part] of parts.entries()) {
    const before = index === 0 && text.preamble.length === 0 ? '' : '\r\n';
    pieces.push(text.delimiters[index] ?? Buffer.from(`${before}--${text.boundary}\r\n`), part);
  }
  pieces.push(text.ending.length > 0 ? text.ending : Buffer.from(`\r\n--${text.boundary}--\r\n`));
  return Buffer.concat(pieces);
}

interface BoundaryLine {
  /** Where the line end before the boundary line begins; that line end belongs to the boundary. */
  readonly start: number;
  readonly end: number;
  readonly closing: boolean;
}

function boundaryLines(body: Buffer, boundary: string): BoundaryLine[] {
  const needle = Buffer.from(`--${boundary}`, 'latin1');
  const lines: BoundaryLine[] = [];
  for (
    let at = body.indexOf(needle);
    at >= 0 && lines.length < MAX_PARTS;
    at = body.indexOf(needle, at + 1)
  ) {
    if (at > 0 && body[at - 1] !== 0x0a) continue;
    const newline = body.indexOf(0x0a, at);
    const end = newline < 0 ? body.length : newline + 1;
    const rest = body.toString('latin1', at + needle.length, end);
    if (!/^(?:--)?[ \t]*\r?\n?$/.test(rest)) continue;
    const start = at === 0 ? 0 : body[at - 2] === 0x0d ? at - 2 : at - 1;
    lines.push({ start, end, closing: rest.startsWith('--') });
    if (rest.startsWith('--')) break;
  }
  return lines;
}
