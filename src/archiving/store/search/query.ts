import type { SearchMark } from '../types.ts';
import { cutWord, pairsOf, runsOf } from './tokens.ts';

/** Where a word is looked for; everywhere otherwise. */
export type SearchField = 'subject' | 'sender' | 'files';

/** Words that must follow each other. */
export interface SearchTerm {
  readonly field: SearchField | undefined;
  readonly isExcluded: boolean;
  /** As the index has them; at least one. */
  readonly words: readonly string[];
  /** Whether the last word may go on. */
  readonly isPrefix: boolean;
  /** What to mark in a text, folded. */
  readonly marks: readonly SearchMark[];
}

/** Longer queries are cut. */
const MAX_LENGTH = 1000;
const MAX_TERMS = 20;
/** Words of one phrase. */
const MAX_WORDS = 30;
/** Beginnings that may go on: each is as much work as all the words that it fits. */
const MAX_PREFIXES = 4;
/** Letters of one, in scripts that have few of them. */
const MIN_PREFIX = 2;

const FIELDS: Readonly<Record<string, SearchField>> = {
  author: 'sender',
  file: 'files',
  filename: 'files',
  from: 'sender',
  sender: 'sender',
  subject: 'subject',
};

const TERM = /(-?)(?:([a-z]+):)?(?:"([^"]*)(?:"|$)|(\S+))/giu;

/**
 * What somebody searches for: words, `"phrases"`, `-without`, `begin*`, `from:name`, `subject:word`, `file:name`. A word
 * with other characters in it is a phrase. Every text is a query; what holds no word finds nothing.
 */
export function parseQuery(text: string): SearchTerm[] {
  const terms: SearchTerm[] = [];
  for (const [whole, minus, name = '', phrase, plain = ''] of text.slice(0, MAX_LENGTH).matchAll(TERM)) {
    if (terms.length >= MAX_TERMS) break;
    const field = Object.hasOwn(FIELDS, name.toLowerCase()) ? FIELDS[name.toLowerCase()] : undefined;
    // A colon after anything else is part of what is searched, as in an address of the web.
    const value = field === undefined && name !== '' ? whole.slice(minus?.length ?? 0) : (phrase ?? plain);
    const term = termOf(value, { field, isExcluded: minus === '-' });
    if (term) terms.push(term);
  }
  return fewPrefixes(terms);
}

/** All but the first few are taken as whole words. */
function fewPrefixes(terms: readonly SearchTerm[]): SearchTerm[] {
  let left = MAX_PREFIXES;
  return terms.map((term) => {
    if (!term.isPrefix) return term;
    left -= 1;
    return left < 0 ? { ...term, isPrefix: false } : term;
  });
}

/** The words of a sender's name or address, each of which must be there. */
export function senderTerms(text: string): SearchTerm[] {
  return text
    .slice(0, MAX_LENGTH)
    .split(/\s+/)
    .slice(0, MAX_TERMS)
    .flatMap((word) => termOf(word, { field: 'sender', isExcluded: false }) ?? []);
}

function termOf(text: string, kind: Pick<SearchTerm, 'field' | 'isExcluded'>): SearchTerm | undefined {
  const runs = [...runsOf(text)].slice(0, MAX_WORDS);
  const last = runs.at(-1);
  if (!last) return undefined;
  let isPrefix = text.endsWith('*') && last.text.length >= MIN_PREFIX;
  const words = runs.flatMap((run) => {
    if (!run.isUnspaced) return [cutWord(run.text)];
    const pairs = pairsOf(run.text);
    if (run !== last) return pairs;
    // A single character begins a pair, or is the last of its run: the index has it as a word of its own then.
    if (pairs.length === 1) isPrefix = true;
    else isPrefix = false;
    return pairs.length === 1 ? pairs : pairs.slice(0, -1);
  });
  const marks = runs.map(({ text: run, isUnspaced }, index): SearchMark => {
    const isLast = index === runs.length - 1;
    return { text: run, kind: isUnspaced ? 'part' : isLast && isPrefix ? 'prefix' : 'word' };
  });
  return { ...kind, words: words.slice(0, 100), isPrefix, marks };
}
