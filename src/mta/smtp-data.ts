/** Octets that are made at once. */
const PIECE = 65_536;

/** More buffers than this cost more than to copy them into one. */
const FEW = 4;

const [LF, CR, DOT] = [0x0a, 0x0d, 0x2e];

/** A part of a message, to be written at once. */
export interface DataPiece {
  readonly buffers: readonly Buffer[];
  readonly isLast: boolean;
}

/**
 * A message as it follows DATA, with the line that ends it in the last piece: dots at the beginning of lines doubled
 * (RFC 5321 4.5.2). A CR or LF that stands alone becomes CRLF, so that no reader finds another end in it.
 */
export function* dataOf(message: Buffer): Generator<DataPiece> {
  let previous = LF;
  let start = 0;
  do {
    const piece = message.subarray(start, start + PIECE);
    const buffers = escaped(piece, previous);
    previous = piece.at(-1) ?? previous;
    start += PIECE;
    const isLast = start >= message.length;
    if (isLast) buffers.push(previous === LF ? END : previous === CR ? END_OF_CR : END_OF_LINE);
    yield { buffers: buffers.length > FEW ? [Buffer.concat(buffers)] : buffers, isLast };
  } while (start < message.length);
}

const END = Buffer.from('.\r\n');
const END_OF_CR = Buffer.from('\n.\r\n');
const END_OF_LINE = Buffer.from('\r\n.\r\n');

const MORE_CR = Buffer.from('\r');
const MORE_LF = Buffer.from('\n');
const MORE_LF_DOT = Buffer.from('\n.');
const MORE_DOT = Buffer.from('.');

/** @param before the octet before the piece */
function escaped(piece: Buffer, before: number): Buffer[] {
  const parts: Buffer[] = [];
  let from = 0;
  let previous = before;
  for (let at = 0; at < piece.length; at += 1) {
    const octet = piece[at] ?? 0;
    if (octet <= DOT || previous === CR) {
      const more = missingBetween(previous, octet);
      if (more) {
        parts.push(piece.subarray(from, at), more);
        from = at;
      }
    }
    previous = octet;
  }
  parts.push(from === 0 ? piece : piece.subarray(from));
  return parts;
}

function missingBetween(previous: number, octet: number): Buffer | undefined {
  if (previous === CR) {
    if (octet === LF) return undefined;
    return octet === DOT ? MORE_LF_DOT : MORE_LF;
  }
  if (octet === LF) return MORE_CR;
  return octet === DOT && previous === LF ? MORE_DOT : undefined;
}
