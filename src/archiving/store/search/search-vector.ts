import type { IndexedWords } from '../incoming.ts';

/** PostgreSQL's limits: octets of one tsvector (a million), the last position, positions of one word. */
const MAX_OCTETS = 400_000;
const MAX_POSITION = 16_383;
const MAX_POSITIONS = 255;

/** How far apart fields are, so that no phrase goes from one into the next. */
const GAP = 20;

/** The weights by which PostgreSQL tells fields apart. */
export const WEIGHTS = { subject: 'A', sender: 'B', files: 'C', body: 'D' } as const;

/**
 * The words of a message as PostgreSQL writes a tsvector. It is made here, not by PostgreSQL's parser, so that both
 * databases find the same.
 */
export function searchVector(words: IndexedWords, scope: readonly string[]): string {
  const places = new Map<string, string[]>(scope.map((word) => [word, []]));
  let octets = 0;
  let position = 0;
  for (const field of ['subject', 'sender', 'files', 'body'] as const) {
    for (const word of words[field] === '' ? [] : words[field].split(' ')) {
      position = Math.min(position + 1, MAX_POSITION);
      const known = places.get(word);
      if (!known) {
        octets += Buffer.byteLength(word) + 8;
        if (octets > MAX_OCTETS) break;
        places.set(word, [`${position}${WEIGHTS[field]}`]);
      } else if (known.length < MAX_POSITIONS) {
        octets += 2;
        known.push(`${position}${WEIGHTS[field]}`);
      }
    }
    position += GAP;
  }
  return [...places]
    .map(([word, at]) => (at.length === 0 ? `'${word}'` : `'${word}':${at.join(',')}`))
    .join(' ');
}
