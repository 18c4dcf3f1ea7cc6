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

/** Conditions on `archive_index i`: the index finds the words, and the text tells whether they follow each other. */
export function matchCondition({ terms, scope }: IndexQuery): SqlPiece {
  const query = [
    ...scope.map((words) => `(${words.map((word) => `'${word}'`).join(' | ')})`),
    ...terms.filter((term) => !term.isExcluded || term.words.length === 1).map(tsquery),
  ].join(' & ');
  const pieces: SqlPiece[] = [{ sql: `${LEXEMES} @@ ?::tsquery`, values: [query] }];
  for (const term of terms.filter(({ words }) => words.length > 1)) {
    const { sql, values } = phrase(term);
    pieces.push({ sql: term.isExcluded ? `NOT (${sql})` : sql, values });
  }
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

/** Whether the words stand behind each other, in their field. Words hold nothing that LIKE knows. */
function phrase({ field, words, isPrefix }: SearchTerm): SqlPiece {
  const pattern = `% ${words.join(' ')}${isPrefix ? '' : ' '}%`;
  if (field === undefined) return { sql: 'words LIKE ?', values: [pattern] };
  const marks = Object.values(FIELD_MARKS);
  const next = marks[marks.indexOf(FIELD_MARKS[field]) + 1] ?? '';
  return {
    sql: `' ' || split_part(' ' || split_part(words, ?, 2), ?, 1) || ' ' LIKE ?`,
    values: [` ${FIELD_MARKS[field]} `, ` ${next} `, pattern],
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
    const inField = (mark: string) => `% ${mark}${words[0] ?? ''}${words.length === 1 ? end : ' '}%`;
    return {
      sql: `CASE WHEN words LIKE ? THEN 8 ELSE 0 END + CASE WHEN words LIKE ? OR words LIKE ? THEN 4 ELSE 0 END
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
