import type { Connection } from '../../../database/handle.ts';
import { type StatementValue, query as select } from '../../../database/statement.ts';
import { oneOf } from '../statements.ts';
import type { Candidate, CandidateSearch, Found } from './candidate.ts';
import { fts5Expression } from './fts5-expression.ts';
import type { IndexQuery } from './index-query.ts';
import type { SearchTerm } from './query.ts';
import { listWord } from './scope.ts';
import { indexWords } from './tokens.ts';

/** Subjects of so many of the newest are looked at for the order; others follow by date. */
const MAX_RANKED = 1000;
/** With more lists, the rows are asked instead of the index. */
const MAX_LIST_WORDS = 50;

/** Looks for messages in SQLite's full-text index. */
export async function searchFts5(
  connection: Connection,
  { terms, scope }: IndexQuery,
  { lists, since, until, order, most }: CandidateSearch,
): Promise<Found> {
  const isByLists = lists.length <= MAX_LIST_WORDS || !terms.some(({ isExcluded }) => !isExcluded);
  const index: IndexQuery = { terms, scope: isByLists ? [lists.map(listWord), ...scope] : scope };
  const conditions: string[] = [];
  const values: StatementValue[] = [];
  if (since !== undefined) {
    conditions.push('AND m.date >= ?');
    values.push(since);
  }
  if (until !== undefined) {
    conditions.push('AND m.date < ?');
    values.push(until);
  }
  if (lists.length > MAX_LIST_WORDS) {
    const [isOne, wanted] = oneOf(connection, lists);
    conditions.push(`AND m.list_id ${isOne}`);
    values.push(wanted);
  }
  const phrase = onlyPhrase(index);
  const rank = order === 'relevance' && !phrase ? 'bm25(archive_index, 8.0, 4.0, 1.0, 4.0, 0.0)' : '0';
  const found = await select<Candidate>(
    connection,
    `SELECT m.id, m.date, ${rank} AS score FROM archive_index CROSS JOIN archive_message m ON m.id = archive_index.rowid
     WHERE archive_index MATCH ? ${conditions.join(' ')} ORDER BY archive_index.rowid DESC LIMIT ?`,
    [fts5Expression(index), ...values, most],
  );
  const isRanked = order === 'relevance' && phrase !== undefined;
  return { found: isRanked ? await rankedBySubject(connection, phrase, found) : found, hasMore: false };
}

/**
 * The phrase of a search for nothing else. SQLite would look for it once more to find out how rare it is, which of common
 * words takes as long as the search itself and makes no difference where there is nothing to weigh it against.
 */
function onlyPhrase({ terms }: IndexQuery): SearchTerm | undefined {
  const [first, ...others] = terms.filter(({ isExcluded }) => !isExcluded);
  return first && others.length === 0 && first.words.length > 1 ? first : undefined;
}

/** Those with the phrase in their subject come first. */
async function rankedBySubject(
  connection: Connection,
  { words, isPrefix }: SearchTerm,
  found: readonly Candidate[],
): Promise<Candidate[]> {
  const [isOne, wanted] = oneOf(
    connection,
    found.slice(0, MAX_RANKED).map(({ id }) => id),
  );
  const rows = await select<{ id: number; subject: string }>(
    connection,
    `SELECT id, subject FROM archive_message WHERE id ${isOne}`,
    [wanted],
  );
  const phrase = ` ${words.join(' ')}${isPrefix ? '' : ' '}`;
  const inSubject = new Set(
    rows.filter(({ subject }) => ` ${indexWords(subject)} `.includes(phrase)).map(({ id }) => id),
  );
  return found.map((one) => ({ ...one, score: inSubject.has(one.id) ? -1 : 0 }));
}
