import type { IndexedWords } from '../incoming.ts';
import type { SearchField } from './query.ts';

/** Octets of different words of one message: PostgreSQL takes a million in one index entry. */
const MAX_OCTETS = 400_000;

/** What stands before the words of each field; words of texts are in lower case. */
export const FIELD_MARKS = { subject: 'S', sender: 'A', files: 'N', body: 'B' } as const;

/**
 * The words of a message as PostgreSQL keeps them: in their order, one blank around each, so that a phrase is a part of
 * the text; the index has each of them once, without its places. Words of fields stand there once more behind the mark
 * of their field (`Shello`), to be found in it alone. Before them all stand those of `scope.ts`.
 */
export function wordText(words: IndexedWords, scope: readonly string[]): string {
  const known = new Set<string>();
  let octets = 0;
  const fits = (word: string): boolean => {
    if (known.has(word)) return true;
    octets += Buffer.byteLength(word) + 8;
    if (octets > MAX_OCTETS) return false;
    known.add(word);
    return true;
  };
  const fields = { ...words };
  const pieces = [...scope];
  for (const field of ['subject', 'sender', 'files'] as const) {
    for (const word of wordsOf(fields[field])) if (fits(word)) pieces.push(fieldWord(field, word));
  }
  for (const field of ['subject', 'sender', 'files', 'body'] as const)
    pieces.push(FIELD_MARKS[field], ...wordsOf(fields[field]).filter(fits));
  return ` ${pieces.join(' ')} `;
}

/** A word as the index has it for one field alone. */
export function fieldWord(field: SearchField, word: string): string {
  return FIELD_MARKS[field] + word;
}

function wordsOf(text: string): string[] {
  return text === '' ? [] : text.split(' ');
}
