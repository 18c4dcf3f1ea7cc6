import type { Connection } from '../../../database/handle.ts';
import { readMessage } from '../../read-message.ts';
import { contentsOf, type Dictionaries } from '../content.ts';
import { messagesByIds } from '../message-rows.ts';
import { isSqlite } from '../statements.ts';
import type { SearchHit, SearchQuery, SearchResult } from '../types.ts';
import type { Candidate, CandidateSearch } from './candidate.ts';
import { searchFts5 } from './fts5-search.ts';
import type { IndexQuery } from './index-query.ts';
import { periodWords } from './period.ts';
import { parseQuery, senderTerms } from './query.ts';
import { ATTACHMENT_WORD } from './scope.ts';
import { searchSegments } from './segments/search-segments.ts';
import { snippetOf } from './snippet.ts';

/** Of all messages that fit, so many of the newest are counted and put in order. */
const MAX_CANDIDATES = 5000;
const MAX_RESULTS = 100;
/** Larger messages are not read for a snippet. */
const MAX_SNIPPET_SIZE = 2_000_000;

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
  const [since, until] = [moment(search.since), moment(search.until)];
  const scope = [...periodWords(since, until), ...(search.hasAttachment ? [[ATTACHMENT_WORD]] : [])];
  const index: IndexQuery = { terms, scope };
  const limit = Math.max(1, Math.min(MAX_RESULTS, search.limit));
  const offset = Math.max(0, search.offset);
  const narrowed: CandidateSearch = {
    lists: [...new Set(search.lists)],
    since,
    until,
    order: search.order,
    // One more than are counted tells that there are more.
    most: MAX_CANDIDATES + 1,
    enough: offset + limit + 1,
  };
  const look = isSqlite(connection) ? searchFts5 : searchSegments;
  const { found, hasMore } = await look(connection, index, narrowed);
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
