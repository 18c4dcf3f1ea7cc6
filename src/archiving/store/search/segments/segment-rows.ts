import type { Connection } from '../../../../database/handle.ts';
import { execute, query } from '../../../../database/statement.ts';
import type { NewMessage } from '../../new-message.ts';
import { insertAll, oneOf, plainMarks } from '../../statements.ts';
import { joinSegments, readMembers, type Segment, segmentOf, wordCountOf, writeMembers } from './segment.ts';
import { readPage, writePages } from './word-pages.ts';

/** So many segments of about one size become one. */
const JOINED = 8;
/** Sizes in messages, from and below; larger ones stay as they are, and those of as many words as 512 usual messages. */
const SIZES = [
  [0, 8],
  [8, 64],
  [64, 512],
] as const;
/** Messages and words of one segment: it is made at once, in memory, and the mail waits meanwhile. */
const MOST = 4_000;
const MOST_WORDS = 1_000_000;

interface SegmentRow {
  readonly id: number;
  readonly members: Buffer;
}

/** Indexes new messages of one list, in a transaction that has the list locked. */
export async function indexInSegment(connection: Connection, rows: readonly NewMessage[]): Promise<void> {
  const [first] = rows;
  if (!first) return;
  for (const part of partsOf(rows)) await saveSegment(connection, first.list, segmentOf(part));
  for (const [from, below] of SIZES) await joinSmall(connection, first.list, from, below);
}

function partsOf(rows: readonly NewMessage[]): NewMessage[][] {
  let part: NewMessage[] = [];
  const parts = [part];
  let words = 0;
  for (const row of rows) {
    const own = wordCountOf(row);
    if (part.length === MOST || (part.length > 0 && words + own > MOST_WORDS)) {
      part = [];
      parts.push(part);
      words = 0;
    }
    part.push(row);
    words += own;
  }
  return parts;
}

async function saveSegment(connection: Connection, list: number, segment: Segment): Promise<void> {
  const { members } = segment;
  const words = members.reduce((total, { length }) => total + length, 0);
  const [made] = await query<{ id: number }>(
    connection,
    'INSERT INTO archive_segment (list_id, messages, words, last_id, members) VALUES (?, ?, ?, ?, ?) RETURNING id',
    [list, members.length, words, members.at(-1)?.id ?? 0, writeMembers(members)],
  );
  if (!made) return;
  await insertAll(
    connection,
    'archive_page (segment_id, first_word, content)',
    plainMarks(3),
    [...writePages(segment.words)].map(({ first, content }) => [made.id, first, content]),
  );
}

/** Makes one of the segments of about a size, as soon as there are enough; what was deleted meanwhile is left out. */
async function joinSmall(connection: Connection, list: number, from: number, below: number): Promise<void> {
  const small = await query<SegmentRow>(
    connection,
    `SELECT id, members FROM archive_segment
     WHERE list_id = ? AND messages < 512 AND words < 250000 AND messages >= ? AND messages < ? ORDER BY last_id`,
    [list, from, below],
  );
  if (small.length < JOINED) return;
  const ids = small.map(({ id }) => id);
  const segments: Segment[] = [];
  for (const { id, members } of small) {
    segments.push({ members: readMembers(members), words: await wordsOf(connection, id) });
  }
  const there = await presentOf(
    connection,
    segments.flatMap(({ members }) => members.map((member) => member.id)),
  );
  await deleteSegments(connection, ids);
  await saveSegment(
    connection,
    list,
    joinSegments(segments, (id) => there.has(id)),
  );
}

async function wordsOf(connection: Connection, segment: number): Promise<Map<string, number[]>> {
  const pages = await query<{ content: Buffer }>(
    connection,
    'SELECT content FROM archive_page WHERE segment_id = ? ORDER BY first_word',
    [segment],
  );
  const words = new Map<string, number[]>();
  for (const { content } of pages)
    for (const [word, occurrences] of readPage(content, '', () => true)) words.set(word, [...occurrences]);
  return words;
}

async function presentOf(connection: Connection, ids: readonly number[]): Promise<Set<number>> {
  const [isOne, wanted] = oneOf(connection, ids);
  const rows = await query<{ id: number }>(connection, `SELECT id FROM archive_message WHERE id ${isOne}`, [
    wanted,
  ]);
  return new Set(rows.map(({ id }) => id));
}

async function deleteSegments(connection: Connection, ids: readonly number[]): Promise<void> {
  const [isOne, wanted] = oneOf(connection, ids);
  await execute(connection, `DELETE FROM archive_page WHERE segment_id ${isOne}`, [wanted]);
  await execute(connection, `DELETE FROM archive_segment WHERE id ${isOne}`, [wanted]);
}

/** Forgets the index of a list. */
export async function deleteSegmentsOf(connection: Connection, list: number): Promise<void> {
  const rows = await query<{ id: number }>(connection, 'SELECT id FROM archive_segment WHERE list_id = ?', [
    list,
  ]);
  await deleteSegments(
    connection,
    rows.map(({ id }) => id),
  );
}
