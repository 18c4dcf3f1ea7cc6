import type { Connection } from '../../../../database/handle.ts';
import { query, type StatementValue } from '../../../../database/statement.ts';
import { ArchiveBusyError } from '../../errors.ts';
import { type Big, oneOf } from '../../statements.ts';
import type { Candidate, CandidateSearch, Found } from '../candidate.ts';
import type { IndexQuery } from '../index-query.ts';
import { TIMEOUT } from '../search-thread.ts';
import { readMembers } from './segment.ts';
import { type Lookup, matchesIn } from './segment-matches.ts';
import { readPage, wordKey } from './word-pages.ts';

/** What is looked at in one step: messages of segments, their words, and pages, so that no search fills the memory or stops the mail. */
const STEP = 16_000;
const STEP_WORDS = 8_000_000;
const STEP_PAGES = 2_000;
/** For phrases, older messages than these are looked at only while too few were found for the page. */
const PHRASE_REACH = 30_000;

interface SegmentRow {
  readonly id: number;
  readonly messages: number;
  readonly words: number;
}

/** Looks for messages in the segments of lists, the newest first. @throws ArchiveBusyError where it takes too long */
export async function searchSegments(
  connection: Connection,
  index: IndexQuery,
  search: CandidateSearch,
): Promise<Found> {
  const started = performance.now();
  const [isOne, lists] = oneOf(connection, search.lists);
  const segments = await query<SegmentRow>(
    connection,
    `SELECT id, messages, words FROM archive_segment WHERE list_id ${isOne} ORDER BY last_id DESC`,
    [lists],
  );
  const hasPhrase = index.terms.some(({ words }) => words.length > 1);
  const wordCount = index.terms.reduce((count, { words }) => count + words.length, index.scope.flat().length);
  const found: Candidate[] = [];
  let seen = 0;
  for (let start = 0; start < segments.length; ) {
    const end = endOfStep(segments, start, wordCount);
    const step = segments.slice(start, end);
    found.push(...(await present(connection, search, await matchesOf(connection, index, step))));
    seen += step.reduce((total, { messages }) => total + messages, 0);
    start = end;
    const isEnough = hasPhrase && seen >= PHRASE_REACH && found.length >= search.enough;
    if (isEnough || found.length >= search.most)
      return { found: newest(found, search.most), hasMore: start < segments.length };
    if (performance.now() - started > TIMEOUT) throw new ArchiveBusyError('The search took too long');
  }
  return { found: newest(found, search.most), hasMore: false };
}

function endOfStep(segments: readonly SegmentRow[], start: number, words: number): number {
  const most = start + Math.max(1, Math.floor(STEP_PAGES / Math.max(1, words)));
  let messages = 0;
  let counted = 0;
  let end = start;
  for (; end < segments.length && end < most && messages < STEP && counted < STEP_WORDS; end += 1) {
    messages += segments[end]?.messages ?? 0;
    counted += segments[end]?.words ?? 0;
  }
  return end;
}

/** Segments of two writers may overlap. */
function newest(found: readonly Candidate[], most: number): Candidate[] {
  return found.toSorted((one, other) => other.id - one.id).slice(0, most);
}

/** Scores by the keys of messages. */
async function matchesOf(
  connection: Connection,
  index: IndexQuery,
  segments: readonly SegmentRow[],
): Promise<Map<number, number>> {
  const ids = segments.map(({ id }) => id);
  const lookups = await lookupsIn(connection, index, ids);
  const [isOne, wanted] = oneOf(connection, ids);
  const rows = await query<{ id: number; members: Buffer }>(
    connection,
    `SELECT id, members FROM archive_segment WHERE id ${isOne}`,
    [wanted],
  );
  const scores = new Map<number, number>();
  for (const { id, members: bytes } of rows) {
    const members = readMembers(bytes);
    const lengths = members.map(({ length }) => length);
    for (const { message, score } of matchesIn(lengths, index, lookups(id))) {
      const member = members[message];
      if (member) scores.set(member.id, score);
    }
  }
  return scores;
}

interface PageRow {
  readonly segment: number;
  readonly word: number;
  readonly content: Buffer;
}

/** Reads the pages on which the words of a query are. */
async function lookupsIn(
  connection: Connection,
  index: IndexQuery,
  segments: readonly number[],
): Promise<(segment: number) => Lookup> {
  const wanted = new Map<string, { readonly key: string; readonly isPrefix: boolean }>();
  for (const word of index.scope.flat())
    wanted.set(nameOf(word, false), { key: wordKey(word), isPrefix: false });
  for (const { words, isPrefix: mayGoOn } of index.terms) {
    for (const [place, word] of words.entries()) {
      const isPrefix = mayGoOn && place === words.length - 1;
      wanted.set(nameOf(word, isPrefix), { key: wordKey(word), isPrefix });
    }
  }
  const asked = [...wanted.entries()];
  const rows = await query<PageRow>(
    connection,
    `SELECT s.id AS segment, CAST(w.number AS integer) AS word, p.content
     FROM unnest(CAST(? AS integer[])) AS s(id)
     CROSS JOIN unnest(CAST(? AS bytea[]), CAST(? AS bytea[])) WITH ORDINALITY AS w(first, last, number)
     CROSS JOIN LATERAL (
       SELECT content FROM archive_page WHERE segment_id = s.id AND first_word <= w.last AND first_word >= COALESCE(
         (SELECT first_word FROM archive_page WHERE segment_id = s.id AND first_word <= w.first
          ORDER BY first_word DESC LIMIT 1), w.first)
       ORDER BY first_word) p`,
    [
      `{${segments.join(',')}}`,
      bytesArray(asked.map(([, { key }]) => key)),
      // No word has an octet of this value.
      bytesArray(asked.map(([, { key, isPrefix }]) => (isPrefix ? `${key}\xff` : key))),
    ],
  );
  const pages = new Map<number, Map<string, Float64Array[]>>();
  for (const { segment, word: number, content } of rows) {
    const [name, { key, isPrefix }] = asked[number - 1] ?? ['', { key: '', isPrefix: false }];
    const words = pages.get(segment) ?? new Map<string, Float64Array[]>();
    pages.set(segment, words);
    const all = words.get(name) ?? [];
    words.set(name, all);
    const isWanted = (word: string): boolean => (isPrefix ? word.startsWith(key) : word === key);
    for (const [, occurrences] of readPage(content, key, isWanted)) all.push(occurrences);
  }
  return (segment) => (word, isPrefix) => together(pages.get(segment)?.get(nameOf(word, isPrefix)) ?? []);
}

function together(all: readonly Float64Array[]): Float64Array {
  const [first, ...others] = all;
  if (!first || others.length === 0) return first ?? new Float64Array();
  const joined = new Float64Array(all.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const occurrences of all) {
    joined.set(occurrences, at);
    at += occurrences.length;
  }
  return joined.sort();
}

function nameOf(word: string, isPrefix: boolean): string {
  return isPrefix ? `${word}*` : word;
}

function bytesArray(keys: readonly string[]): string {
  return `{${keys.map((key) => `"\\\\x${Buffer.from(key, 'latin1').toString('hex')}"`).join(',')}}`;
}

/** Those that the archive still has, in the period. */
async function present(
  connection: Connection,
  { lists, since, until }: CandidateSearch,
  scores: ReadonlyMap<number, number>,
): Promise<Candidate[]> {
  if (scores.size === 0) return [];
  const [isOne, wanted] = oneOf(connection, scores.keys());
  const [isListed, listed] = oneOf(connection, lists);
  const values: StatementValue[] = [wanted, listed];
  let conditions = ` AND list_id ${isListed}`;
  if (since !== undefined) {
    conditions += ' AND date >= ?';
    values.push(since);
  }
  if (until !== undefined) {
    conditions += ' AND date < ?';
    values.push(until);
  }
  const rows = await query<{ id: number; date: Big }>(
    connection,
    `SELECT id, date FROM archive_message WHERE id ${isOne}${conditions}`,
    values,
  );
  return rows.map(({ id, date }) => ({ id, date, score: scores.get(id) ?? 0 }));
}
