import type { Connection } from '../../../database/handle.ts';
import { type StatementValue, query as select } from '../../../database/statement.ts';
import { readMessage } from '../../read-message.ts';
import { contentsOf, type Dictionaries } from '../content.ts';
import { messagesByIds } from '../message-rows.ts';
import { type Big, isSqlite, oneOf } from '../statements.ts';
import type { SearchHit, SearchQuery, SearchResult } from '../types.ts';
import { asksForSomething, fts5Expression, type IndexQuery } from './match-expression.ts';
import { periodWords } from './period.ts';
import { matchCondition, score } from './postgresql-query.ts';
import { parseQuery, senderTerms } from './query.ts';
import { ATTACHMENT_WORD, listWord } from './scope.ts';
import { snippetOf } from './snippet.ts';

/** Of all messages that fit, so many of the newest are counted and put in order. */
const MAX_CANDIDATES = 5000;
const MAX_RESULTS = 100;
/** On PostgreSQL the words of so many of the newest are looked at for the order; others follow by date. */
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
  const found = await candidates(connection, index, search, lists);
  const counted = found.slice(0, MAX_CANDIDATES).sort(search.order === 'date' ? byDate : byScore);
  const limit = Math.max(1, Math.min(MAX_RESULTS, search.limit));
  const offset = Math.max(0, search.offset);
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
  return { items, total: counted.length, isBounded: found.length > MAX_CANDIDATES, marks };
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

/** The newest that fit, one more than are counted. */
async function candidates(
  connection: Connection,
  index: IndexQuery,
  { since, until, order }: SearchQuery,
  lists: readonly number[],
): Promise<Candidate[]> {
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
    const rank = order === 'relevance' ? 'bm25(archive_index, 8.0, 4.0, 1.0, 4.0, 0.0)' : '0';
    return select(
      connection,
      `SELECT m.id, m.date, ${rank} AS score FROM archive_index CROSS JOIN archive_message m ON m.id = archive_index.rowid
       WHERE archive_index MATCH ? ${rest} ORDER BY archive_index.rowid DESC LIMIT ?`,
      [fts5Expression(index), ...values, limit],
    );
  }
  const match = matchCondition(index);
  const joined = rest === '' ? '' : 'JOIN archive_message m ON m.id = i.message_id';
  // Asked for in the order of keys, PostgreSQL would make the words of one message after the other, without the index.
  const found = await select<Candidate>(
    connection,
    `WITH found AS MATERIALIZED (
       SELECT i.message_id FROM archive_index i ${joined} WHERE ${match.sql} ${rest}
       ORDER BY i.message_id + 0 DESC LIMIT ?)
     SELECT m.id, m.date, 0 AS score FROM found f JOIN archive_message m ON m.id = f.message_id ORDER BY m.id DESC`,
    [...match.values, ...values, limit],
  );
  return order === 'relevance' ? ranked(connection, index, found) : found;
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
