import type { StatementValue } from '../../../database/statement.ts';
import type { IndexQuery } from './match-expression.ts';
import type { SearchTerm } from './query.ts';
import { FIELD_MARKS, fieldWord } from './word-text.ts';

/** A piece of a statement with its values. */
export interface SqlPiece {
  readonly sql: string;
  readonly values: readonly StatementValue[];
}

/** What the index holds of a message, as the schema has it. */
export const LEXEMES = "array_to_tsvector(string_to_array(btrim(words, ' '), ' '))";

/** Terms that count for the order of what was found. */
const MAX_RANKED = 8;

/** A condition on `archive_index i` that its index answers: all words are there, wherever. */
export function wordsCondition({ terms, scope }: IndexQuery): SqlPiece {
  const query = [
    ...scope.map((words) => `(${words.map((word) => `'${word}'`).join(' | ')})`),
    ...terms.filter((term) => !term.isExcluded || term.words.length === 1).map(tsquery),
  ].join(' & ');
  return { sql: `${LEXEMES} @@ ?::tsquery`, values: [query] };
}

/** A condition on the text, `words`: that words follow each other. Undefined where the index tells all. */
export function phrasesCondition({ terms }: IndexQuery): SqlPiece | undefined {
  const pieces = terms
    .filter(({ words }) => words.length > 1)
    .map((term): SqlPiece => {
      const { sql, values } = phrase(term);
      return { sql: `${sql} ${term.isExcluded ? '=' : '>'} 0`, values };
    });
  if (pieces.length === 0) return undefined;
  return {
    sql: pieces.map(({ sql }) => sql).join(' AND '),
    values: pieces.flatMap(({ values }) => values),
  };
}

function tsquery({ field, words, isPrefix, isExcluded }: SearchTerm): string {
  const all = words.map((word, index) => {
    const lexeme = field === undefined ? word : fieldWord(field, word);
    return `'${lexeme}'${isPrefix && index === words.length - 1 ? ':*' : ''}`;
  });
  return `${isExcluded ? '!' : ''}(${all.join(' & ')})`;
}

/** Where the words stand behind each other, in their field; 0 where they do not. LIKE would take three times as long. */
function phrase({ field, words, isPrefix }: SearchTerm): SqlPiece {
  const text = ` ${words.join(' ')}${isPrefix ? '' : ' '}`;
  if (field === undefined) return { sql: 'position(?::text in words)', values: [text] };
  const marks = Object.values(FIELD_MARKS);
  const next = marks[marks.indexOf(FIELD_MARKS[field]) + 1] ?? '';
  return {
    sql: "position(?::text in ' ' || split_part(' ' || split_part(words, ?, 2), ?, 1) || ' ')",
    values: [text, ` ${FIELD_MARKS[field]} `, ` ${next} `],
  };
}

/**
 * How well the words of a message fit, from `words`: the smaller, the better. A word in subject, sender or name of a
 * file counts more than one in the text; one that comes again counts less each time, and less in a long text.
 */
export function score({ terms }: IndexQuery): SqlPiece {
  const ranked = terms.filter(({ isExcluded }) => !isExcluded).slice(0, MAX_RANKED);
  if (ranked.length === 0) return { sql: '0', values: [] };
  const pieces = ranked.map(({ words, isPrefix }): SqlPiece => {
    const end = isPrefix ? '' : ' ';
    const own = ` ${words.join(' ')}${end}`;
    const inField = (mark: string) => ` ${mark}${words[0] ?? ''}${words.length === 1 ? end : ' '}`;
    return {
      sql: `CASE WHEN position(?::text in words) > 0 THEN 8 ELSE 0 END
        + CASE WHEN position(?::text in words) > 0 OR position(?::text in words) > 0 THEN 4 ELSE 0 END
        + 3 - 3.0 / (1 + (length(words) - length(replace(words, ?, ''))) / ?::float / (1 + length(words) / 3000.0))`,
      values: [
        inField(FIELD_MARKS.subject),
        inField(FIELD_MARKS.sender),
        inField(FIELD_MARKS.files),
        own,
        own.length,
      ],
    };
  });
  return {
    sql: `-(${pieces.map(({ sql }) => sql).join(' + ')})`,
    values: pieces.flatMap(({ values }) => values),
  };
}
