/**
 * The folding of header values by Python 2.7's `email.header.Header`, for ASCII: what Mailman 2.1 writes when it writes a
 * message out. Kept to the letter, oddities included, since digests and signatures of what it wrote depend on it.
 */

const CONTINUATION = '\n ';

/** Column at which Python folds headers of a message. */
export const MAILMAN21_HEADER_WIDTH = 78;

/** @param value one character per byte, as it is stored */
export function refoldHeader(name: string, value: string, width: number): string {
  const firstLength = width - name.length - 2;
  const restLength = width - 1;
  const target = firstLength - 1 < 0 ? firstLength : firstLength - 1;
  const pieces = value.length <= target ? [value] : splitAscii(value, target, restLength, ';, ');
  const lines: string[] = [];
  for (const piece of pieces) {
    if (piece === '') continue;
    const last = lines.at(-1);
    if (last !== undefined && last.length + piece.length <= firstLength)
      lines[lines.length - 1] = `${last}${last.endsWith(' ') ? '' : ' '}${piece}`;
    else lines.push(stripStart(piece));
  }
  return lines.join(CONTINUATION);
}

function splitAscii(text: string, first: number, rest: number, separators: string): string[] {
  const lines: string[] = [];
  let longest = first;
  for (const line of pythonLines(text).map(stripStart)) {
    const separator = line.length < longest ? undefined : [...separators].find((one) => line.includes(one));
    if (separator === undefined) {
      lines.push(line);
      longest = rest;
      continue;
    }
    longest = splitLine(lines, line, separator, longest, rest);
  }
  return lines;
}

/** Adds the pieces of one line that is too long. @returns the room that the next line has */
function splitLine(lines: string[], line: string, separator: string, first: number, rest: number): number {
  const end = separator === ' ' ? '' : separator;
  const joiner = `${end} `;
  let longest = first;
  let held: string[] = [];
  let length = 0;
  for (const part of partsOf(line, separator)) {
    const current = length + Math.max(0, held.length - 1) * joiner.length;
    const isFieldName =
      separator === ' ' && lines.length === 0 && held.length === 1 && /^[!-~]+:$/.test(held[0] ?? '');
    if (isFieldName || current + part.length <= longest) {
      held.push(part);
      length += part.length;
      continue;
    }
    if (held.length > 0) lines.push(held.join(joiner) + end);
    if (part.length > longest && separator !== ' ') {
      const inner = splitAscii(part, longest, rest, ' ');
      lines.push(...inner.slice(0, -1));
      held = [inner.at(-1) ?? ''];
    } else held = [part];
    length = 1 + (held[0]?.length ?? 0);
    longest = rest;
  }
  if (held.length > 0) lines.push(held.join(joiner));
  return longest;
}

function partsOf(line: string, separator: string): string[] {
  const [first = '', ...others] = line.split(separator);
  const parts = [first];
  for (const [index, other] of others.entries()) {
    // Blanks behind a separator belong to it; so do further blanks where it is one itself.
    const part = stripStart(other);
    if (separator === ' ' && part === '' && index < others.length - 1) continue;
    parts.push(part);
  }
  return parts;
}

function pythonLines(text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function stripStart(text: string): string {
  return text.replace(/^[ \t\n\r\v\f]+/, '');
}
