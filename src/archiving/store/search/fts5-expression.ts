import type { IndexQuery } from './index-query.ts';
import type { SearchTerm } from './query.ts';

/** As SQLite's FTS5 takes it. The words hold nothing but letters, digits and marks. */
export function fts5Expression({ terms, scope }: IndexQuery): string {
  const wanted = [
    ...scope.map((words) => `scope : (${words.map((word) => `"${word}"`).join(' OR ')})`),
    ...terms.filter(({ isExcluded }) => !isExcluded).map(fts5Term),
  ].map((part) => `(${part})`);
  const excluded = terms.filter(({ isExcluded }) => isExcluded).map((term) => `(${fts5Term(term)})`);
  const base = wanted.join(' AND ');
  return excluded.length === 0 ? base : `(${base}) NOT (${excluded.join(' OR ')})`;
}

function fts5Term({ field, words, isPrefix }: SearchTerm): string {
  const columns = field ?? '{subject sender body files}';
  return `${columns} : "${words.join(' ')}"${isPrefix ? ' *' : ''}`;
}
