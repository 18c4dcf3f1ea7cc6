import type { IndexQuery } from '../index-query.ts';
import type { SearchTerm } from '../query.ts';
import { fieldOf, messageOf } from './occurrences.ts';

/** A message of a segment that fits. */
export interface Match {
  /** Its place in the segment. */
  readonly message: number;
  /** The smaller, the better. */
  readonly score: number;
}

/** Where the words of a segment are looked up; a beginning gives all words that go on from it. */
export type Lookup = (word: string, isPrefix: boolean) => Float64Array;

/** Terms that count for the order of what was found. */
const MAX_RANKED = 8;
/** Words of a message that is neither long nor short. */
const USUAL_LENGTH = 500;

/**
 * The messages of a segment that fit, in their order.
 *
 * A word in subject, sender or name of a file counts more than one in the text; one that comes again counts less each
 * time, and less in a long text.
 * @param lengths words of each message
 */
export function matchesIn(lengths: readonly number[], { terms, scope }: IndexQuery, lookup: Lookup): Match[] {
  const fits = new Uint8Array(lengths.length).fill(1);
  for (const words of scope)
    keep(
      fits,
      messagesWith(
        lengths.length,
        words.map((word) => lookup(word, false)),
      ),
    );
  const scores = new Float64Array(lengths.length);
  let ranked = 0;
  for (const term of terms) {
    if (!fits.includes(1)) return [];
    const found = occurrencesOf(term, lookup);
    const messages = messagesWith(lengths.length, [found]);
    if (term.isExcluded)
      keep(
        fits,
        messages.map((has) => 1 - has),
      );
    else {
      keep(fits, messages);
      if (ranked++ < MAX_RANKED) addScores(scores, lengths, found);
    }
  }
  const matches: Match[] = [];
  for (let message = 0; message < fits.length; message += 1)
    if (fits[message] === 1) matches.push({ message, score: -(scores[message] ?? 0) });
  return matches;
}

function keep(fits: Uint8Array, messages: Uint8Array): void {
  for (let message = 0; message < fits.length; message += 1) if (messages[message] === 0) fits[message] = 0;
}

function messagesWith(count: number, all: readonly Float64Array[]): Uint8Array {
  const messages = new Uint8Array(count);
  for (const occurrences of all) for (const one of occurrences) messages[messageOf(one)] = 1;
  return messages;
}

/** Where the words of a term begin, one behind the other, in its field. */
function occurrencesOf({ field, words, isPrefix }: SearchTerm, lookup: Lookup): Float64Array {
  let found: Float64Array = new Float64Array();
  for (const [place, word] of words.entries()) {
    const own = lookup(word, isPrefix && place === words.length - 1);
    found = place === 0 ? own : followed(found, own, place);
    if (found.length === 0) return found;
  }
  return field === undefined ? found : found.filter((one) => fieldOf(one) === field);
}

/** Those of the first that have one of the others so many places behind them. */
function followed(first: Float64Array, others: Float64Array, distance: number): Float64Array {
  const found = new Float64Array(Math.min(first.length, others.length));
  let count = 0;
  let at = 0;
  for (const one of first) {
    const wanted = one + distance;
    while (at < others.length && (others[at] ?? 0) < wanted) at += 1;
    if (others[at] === wanted) found[count++] = one;
  }
  return found.subarray(0, count);
}

function addScores(scores: Float64Array, lengths: readonly number[], occurrences: Float64Array): void {
  let at = 0;
  while (at < occurrences.length) {
    const message = messageOf(occurrences[at] ?? 0);
    let count = 0;
    let isInSubject = false;
    let isInNames = false;
    for (; at < occurrences.length && messageOf(occurrences[at] ?? 0) === message; at += 1) {
      const field = fieldOf(occurrences[at] ?? 0);
      isInSubject ||= field === 'subject';
      isInNames ||= field === 'sender' || field === 'files';
      count += 1;
    }
    const often = 3 - 3 / (1 + count / (1 + (lengths[message] ?? 0) / USUAL_LENGTH));
    scores[message] = (scores[message] ?? 0) + (isInSubject ? 8 : 0) + (isInNames ? 4 : 0) + often;
  }
}
