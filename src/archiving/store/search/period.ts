import { monthOf } from '../counts.ts';
import { monthWord, yearWord } from './scope.ts';

/** Longer periods are not narrowed by the index: more words would cost more than they save. */
const MAX_WORDS = 60;

/**
 * Words of which a message of the period has one: whole years, and months at both ends. It may have messages beside
 * them: the dates themselves decide. One group, or none.
 * @param since epoch milliseconds, included
 * @param until excluded
 */
export function periodWords(
  since: number | undefined,
  until: number | undefined,
  now = Date.now(),
): string[][] {
  if (since === undefined) return [];
  const first = monthOf(since);
  const last = monthOf(until ?? now + 3 * 86_400_000);
  if (!(first <= last)) return [];
  const words: string[] = [];
  for (let month = first; month <= last; ) {
    const isWholeYear = month % 12 === 0 && month + 11 <= last;
    words.push(isWholeYear ? yearWord(month / 12) : monthWord(month));
    month += isWholeYear ? 12 : 1;
    if (words.length > MAX_WORDS) return [];
  }
  return [words];
}
