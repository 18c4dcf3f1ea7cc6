import { foldText } from './fold.ts';

/** Longer words are cut: nobody types them, and encoded data would fill the index with them. */
const MAX_WORD = 40;

/** Words of one text that are indexed; UTF-16 units of it that are looked at. */
const MAX_WORDS = 30_000;
const MAX_TEXT = 300_000;

/** Scripts that write no blanks between words: Han, kana, hangul (whose particles stick), Thai, Lao, Khmer, Burmese. */
const UNSPACED_CLASS =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}\\u30FC\\u3005\\u3006\\u3007\\u3099\\u309A';

const WORD = /[\p{L}\p{N}\p{M}]+/gu;
const ASCII_WORD = /[a-z0-9]+/g;
const ASCII_ONLY = /^[\0-\x7f]*$/;
const UNSPACED = new RegExp(`[${UNSPACED_CLASS}]`, 'u');
const RUN = new RegExp(`[${UNSPACED_CLASS}]+|[^${UNSPACED_CLASS}]+`, 'gu');

/** A word as it is indexed, or a run of an unspaced script. */
export interface Run {
  readonly text: string;
  readonly isUnspaced: boolean;
}

/** The words of a text, folded, and its runs of unspaced scripts. */
export function* runsOf(text: string): Generator<Run> {
  const folded = foldText(text);
  for (const [word] of folded.matchAll(ASCII_ONLY.test(folded) ? ASCII_WORD : WORD)) {
    if (!UNSPACED.test(word)) {
      yield { text: word, isUnspaced: false };
      continue;
    }
    for (const [run] of word.matchAll(RUN)) yield { text: run, isUnspaced: UNSPACED.test(run) };
  }
}

/**
 * The words of a text for the index, one blank between them. A run of an unspaced script becomes pairs of neighbouring
 * characters, and its last character, so that each of its characters begins a word and each two neighbours are one.
 */
export function indexWords(text: string): string {
  const words: string[] = [];
  for (const { text: run, isUnspaced } of runsOf(text.slice(0, MAX_TEXT))) {
    if (words.length >= MAX_WORDS) break;
    if (isUnspaced) for (const pair of pairsOf(run)) words.push(pair);
    else words.push(cutWord(run));
  }
  return words.join(' ');
}

/** @see indexWords */
export function pairsOf(run: string): string[] {
  const characters = [...run];
  return characters.map((character, index) => character + (characters[index + 1] ?? ''));
}

/** A word as long as the index has it. */
export function cutWord(word: string): string {
  return word.length > MAX_WORD ? word.slice(0, MAX_WORD).toWellFormed() : word;
}
