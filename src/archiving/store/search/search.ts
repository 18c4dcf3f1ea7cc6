import type { Connection } from '../../../database/handle.ts';
import { type StatementValue, query as select } from '../../../database/statement.ts';
import { readMessage } from '../../read-message.ts';
import { contentsOf, type Dictionaries } from '../content.ts';
import { messagesByIds } from '../message-rows.ts';
import { type Big, isSqlite, oneOf } from '../statements.ts';
import type { SearchHit, SearchQuery, SearchResult } from '../types.ts';
import { asksForSomething, fts5Expression, type IndexQuery } from './match-expression.ts';
import { periodWords } from './period.ts';
import { phrasesCondition, type SqlPiece, score, wordsCondition } from './postgresql-query.ts';
import { parseQuery, type SearchTerm, senderTerms } from './query.ts';
import { ATTACHMENT_WORD, listWord } from './scope.ts';
import { snippetOf } from './snippet.ts';
import { indexWords } from './tokens.ts';

/** Of all messages that fit, so many of the newest are counted and put in order. */
const MAX_CANDIDATES = 5000;
const MAX_RESULTS = 100;
/** Words of so many of the newest are looked at one by one for the order; others follow by date. */
const MAX_RANKED = 1000;
/** With more lists, the rows are asked instead of the index. */
const MAX_LIST_WORDS = 50;
/** Larger messages are not read for a snippet. */
const MAX_SNIPPET_SIZE = 2_000_000;

interface Candidate {
  readonly id: number;
  readonly date: Big;
  /** The smaller, the better. */
  readonly score: number;
}

/** On PostgreSQL, texts of so many messages are read for phrases, one step after the other. */
const TEXTS = [
  [0, 5_000],
  [5_000, 30_000],
  [30_000, 2_000_000_000],
] as const;

const NOTHING: SearchResult = { items: [], total: 0, isBounded: false, marks: [] };

/** Looks for messages. All work is bounded by the newest messages that fit. */
export async function searchMessages(
  connection: Connection,
  dictionaries: Dictionaries,
  search: SearchQuery,
): Promise<SearchResult> {
  const terms = [...parseQuery(search.text), ...senderTerms(search.from ?? '')];
  const isEmpty = search.lists.length === 0 || (search.text.trim() !== '' && terms.length === 0);
  if (isEmpty) return NOTHING;
  const lists = [...new Set(search.lists)];
  const scope = [
    ...(lists.length <= MAX_LIST_WORDS || !terms.some(({ isExcluded }) => !isExcluded)
      ? [lists.map(listWord)]
      : []),
    ...periodWords(moment(search.since), moment(search.until)),
    ...(search.hasAttachment ? [[ATTACHMENT_WORD]] : []),
  ];
  const index: IndexQuery = { terms, scope };
  if (!asksForSomething(index)) return NOTHING;
  const limit = Math.max(1, Math.min(MAX_RESULTS, search.limit));
  const offset = Math.max(0, search.offset);
  const { found, hasMore } = await candidates(connection, index, search, lists, offset + limit + 1);
  const counted = found.slice(0, MAX_CANDIDATES).sort(search.order === 'date' ? byDate : byScore);
  const ids = counted.slice(offset, offset + limit).map(({ id }) => id);
  const marks = terms.filter(({ isExcluded }) => !isExcluded).flatMap((term) => term.marks);
  const messages = await messagesByIds(connection, ids);
  const readable = messages.filter(({ size }) => size <= MAX_SNIPPET_SIZE).map(({ id }) => id);
  const contents = await contentsOf(connection, dictionaries, readable);
  const items = messages.map((message): SearchHit => {
    const content = contents.get(message.id);
    const text = content ? readMessage(content.message, { separator: content.separator }).text : '';
    return { message, snippet: snippetOf(text, marks) };
  });
  return { items, total: counted.length, isBounded: hasMore || found.length > MAX_CANDIDATES, marks };
}

/** What is no moment is no condition. */
function moment(time: number | undefined): number | undefined {
  return time !== undefined && Math.abs(time) < 8.64e15 ? Math.trunc(time) : undefined;
}

function byDate(one: Candidate, other: Candidate): number {
  return Number(other.date) - Number(one.date) || other.id - one.id;
}

function byScore(one: Candidate, other: Candidate): number {
  return one.score - other.score || byDate(one, other);
}

interface Found {
  readonly found: Candidate[];
  /** Whether there may be others that were not looked at. */
  readonly hasMore: boolean;
}

/**
 * The newest that fit, one more than are counted.
 * @param enough how many the page needs
 */
async function candidates(
  connection: Connection,
  index: IndexQuery,
  { since, until, order }: SearchQuery,
  lists: readonly number[],
  enough: number,
): Promise<Found> {
  const conditions: string[] = [];
  const values: StatementValue[] = [];
  const [first, end] = [moment(since), moment(until)];
  if (first !== undefined) {
    conditions.push('AND m.date >= ?');
    values.push(first);
  }
  if (end !== undefined) {
    conditions.push('AND m.date < ?');
    values.push(end);
  }
  if (lists.length > MAX_LIST_WORDS) {
    const [isOne, wanted] = oneOf(connection, lists);
    conditions.push(`AND m.list_id ${isOne}`);
    values.push(wanted);
  }
  const rest = conditions.join(' ');
  const limit = MAX_CANDIDATES + 1;
  if (isSqlite(connection)) {
    const phrase = onlyPhrase(index);
    const rank = order === 'relevance' && !phrase ? 'bm25(archive_index, 8.0, 4.0, 1.0, 4.0, 0.0)' : '0';
    const found = await select<Candidate>(
      connection,
      `SELECT m.id, m.date, ${rank} AS score FROM archive_index CROSS JOIN archive_message m ON m.id = archive_index.rowid
       WHERE archive_index MATCH ? ${rest} ORDER BY archive_index.rowid DESC LIMIT ?`,
      [fts5Expression(index), ...values, limit],
    );
    const isRanked = order === 'relevance' && phrase !== undefined;
    return { found: isRanked ? await rankedBySubject(connection, phrase, found) : found, hasMore: false };
  }
  const words = wordsCondition(index);
  const joined = rest === '' ? '' : 'JOIN archive_message m ON m.id = i.message_id';
  // Asked for in the order of keys, PostgreSQL would make the words of one message after the other, without the index.
  const fitting: SqlPiece = {
    sql: `SELECT i.message_id FROM archive_index i ${joined} WHERE ${words.sql} ${rest} ORDER BY i.message_id + 0 DESC`,
    values: [...words.values, ...values],
  };
  const phrases = phrasesCondition(index);
  const { found, hasMore } = phrases
    ? await withPhrases(connection, fitting, phrases, enough)
    : { found: await newest(connection, fitting, limit), hasMore: false };
  return { found: order === 'relevance' ? await ranked(connection, index, found) : found, hasMore };
}

/** @param fitting a query for keys, the newest first */
function newest(connection: Connection, fitting: SqlPiece, limit: number): Promise<Candidate[]> {
  return select<Candidate>(
    connection,
    `WITH found AS MATERIALIZED (${fitting.sql} LIMIT ?)
     SELECT m.id, m.date, 0 AS score FROM found f JOIN archive_message m ON m.id = f.message_id ORDER BY m.id DESC`,
    [...fitting.values, limit],
  );
}

/**
 * Those among messages with the right words in whose text they follow each other. Texts take time to read: of common
 * words, those of the newest messages are read first, and older ones only while too few were found.
 */
async function withPhrases(
  connection: Connection,
  fitting: SqlPiece,
  phrases: SqlPiece,
  enough: number,
): Promise<Found> {
  const found: Candidate[] = [];
  for (const [start, end] of TEXTS) {
    const rows = await select<Candidate & { readonly read: Big }>(
      connection,
      `WITH newest AS MATERIALIZED (${fitting.sql} LIMIT ? OFFSET ?), found AS MATERIALIZED (
         SELECT n.message_id FROM newest n CROSS JOIN LATERAL
           (SELECT 1 FROM archive_index WHERE message_id = n.message_id AND ${phrases.sql} OFFSET 0) t LIMIT ?)
       SELECT 0 AS id, 0 AS date, 0 AS score, count(*) AS read FROM newest
       UNION ALL SELECT m.id, m.date, 0, 0 FROM found f JOIN archive_message m ON m.id = f.message_id
       ORDER BY id DESC`,
      [...fitting.values, end - start, start, ...phrases.values, MAX_CANDIDATES + 1 - found.length],
    );
    found.push(...rows.filter(({ id }) => id !== 0));
    const hasMore = Number(rows.at(-1)?.read) === end - start;
    if (!hasMore || found.length >= enough) return { found, hasMore };
  }
  return { found, hasMore: false };
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

async function ranked(
  connection: Connection,
  index: IndexQuery,
  found: readonly Candidate[],
): Promise<Candidate[]> {
  const { sql, values } = score(index);
  const [isOne, wanted] = oneOf(
    connection,
    found.slice(0, MAX_RANKED).map(({ id }) => id),
  );
  const rows = await select<{ id: number; score: number }>(
    connection,
    // Unpacked once for all that looks at them.
    `SELECT message_id AS id, ${sql} AS score
     FROM (SELECT message_id, words || '' AS words FROM archive_index WHERE message_id ${isOne} OFFSET 0) i`,
    [...values, wanted],
  );
  const scores = new Map(rows.map((row) => [row.id, Number(row.score)]));
  return found.map((one) => ({ ...one, score: scores.get(one.id) ?? 0 }));
}
