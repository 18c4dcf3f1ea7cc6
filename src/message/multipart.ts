import type { LineEnd } from './line-ends.ts';

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

const LF = 0x0a;
const CR = 0x0d;
const HYPHEN = 0x2d;

/**
 * Takes a multipart body apart.
 * @param limit the most parts to accept
 * @returns undefined where the boundary does not occur, or more often than `limit`: half of a multipart would hide
 * the other half from content filters
 */
export function splitMultipart(body: Buffer, boundary: string, limit: number): MultipartText | undefined {
  if (boundary === '') return undefined;
  const marks = boundaryLines(body, boundary, limit);
  const [first] = marks ?? [];
  if (!marks || !first || first.closing) return undefined;
  const closing = marks.find((mark) => mark.closing);
  const opening = marks.filter((mark) => !mark.closing);
  const end = closing?.start ?? body.length;
  return {
    preamble: body.subarray(0, first.start),
    parts: opening.map((mark, index) => body.subarray(mark.end, opening[index + 1]?.start ?? end)),
    delimiters: opening.map((mark) => body.subarray(mark.start, mark.end)),
    ending: body.subarray(end),
    boundary,
  };
}

/**
 * Puts a multipart together with other parts; boundary lines stay as they came as long as there are any.
 * @param parts each part as pieces in order
 * @returns the pieces of the whole body, in order
 */
export function joinMultipart(
  text: MultipartText,
  parts: readonly (readonly Buffer[])[],
  lineEnd: LineEnd,
): Buffer[] {
  const pieces: Buffer[] = text.preamble.length > 0 ? [text.preamble] : [];
  let inPart = false;
  const addLine = (line: Buffer): void => {
    // A boundary line that came without a line end of its own stood right behind another one.
    if (inPart && line[0] === HYPHEN) pieces.push(Buffer.from(lineEnd));
    pieces.push(line);
  };
  for (const [index, part] of parts.entries()) {
    const before = pieces.length === 0 ? '' : lineEnd;
    const line = text.delimiters[index] ?? Buffer.from(`${before}--${text.boundary}${lineEnd}`, 'latin1');
    addLine(line);
    inPart = part.some((piece) => piece.length > 0);
    // The last boundary line may have ended the message, and its part was empty.
    if (inPart && line.at(-1) !== LF) pieces.push(Buffer.from(line.at(-1) === CR ? '\n' : lineEnd));
    pieces.push(...part);
  }
  if (text.ending.length > 0) addLine(text.ending);
  else if (parts.length > text.parts.length)
    addLine(Buffer.from(`${lineEnd}--${text.boundary}--${lineEnd}`, 'latin1'));
  return pieces;
}

/** Whether one of these boundaries stands as a line in the text, so that the text would end a part (RFC 2046 5.1.1). */
export function holdsBoundary(text: Buffer, boundaries: readonly string[]): boolean {
  return boundaries.some((boundary) => boundaryLines(text, boundary, 1)?.length !== 0);
}

interface BoundaryLine {
  /** Where the line end before the boundary line begins; that line end belongs to the boundary. */
  readonly start: number;
  readonly end: number;
  readonly closing: boolean;
}

/** The boundary lines up to the closing one; undefined where more than `limit` are not closing. */
function boundaryLines(body: Buffer, boundary: string, limit: number): BoundaryLine[] | undefined {
  const needle = Buffer.from(`--${boundary}`, 'latin1');
  // Searched with the line end before it: text that is full of hyphens would slow the search down.
  const lineStart = Buffer.concat([Buffer.of(LF), needle]);
  const next = (from: number): number | undefined => {
    const found = body.indexOf(lineStart, from);
    return found < 0 ? undefined : found + 1;
  };
  const lines: BoundaryLine[] = [];
  let previousEnd = 0;
  const first = body.subarray(0, needle.length).equals(needle) ? 0 : next(0);
  for (let at = first; at !== undefined; at = next(at)) {
    const newline = body.indexOf(LF, at);
    const end = newline < 0 ? body.length : newline + 1;
    const rest = body.toString('latin1', at + needle.length, Math.min(end, at + needle.length + MAX_PADDING));
    if (!/^(?:--)?[ \t]*\r?\n?$/.test(rest)) continue;
    const closing = rest.startsWith('--');
    if (!closing && lines.length >= limit) return undefined;
    const lineEnd = at === 0 ? 0 : at > 1 && body[at - 2] === CR ? 2 : 1;
    lines.push({ start: Math.max(at - lineEnd, previousEnd), end, closing });
    if (closing) break;
    previousEnd = end;
  }
  return lines;
}

/** Blanks that some gateways put behind a boundary; a line that is longer is text. */
const MAX_PADDING = 1000;
