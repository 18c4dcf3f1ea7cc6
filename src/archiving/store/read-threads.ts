import type { Connection } from '../../database/handle.ts';
import { query, type StatementValue } from '../../database/statement.ts';
import { monthStart } from './counts.ts';
import { senderOf } from './message-rows.ts';
import { cursorNumbers, pageLimit, pageOf } from './pages.ts';
import type { Big } from './statements.ts';
import { oneOf } from './statements.ts';
import type { ArchivedThread, Neighbours, Page, PageRequest } from './types.ts';

interface ThreadRow {
  readonly id: number;
  readonly list_id: number;
  readonly root_hash: string;
  readonly subject: string;
  readonly first_date: Big;
  readonly last_date: Big;
  readonly messages: number;
  readonly participants: number;
  readonly sender_id: number;
  readonly sender_name: string;
  readonly address: string | null;
}

/** Threads that are looked at to find the most active ones. */
const ACTIVE_CANDIDATES = 1000;

/** Messages of a month that are looked at in one go. */
const MONTH_BATCH = 300;

/** Keys of messages above all others, for the beginning of a descending order. */
const BEYOND = Number.MAX_SAFE_INTEGER;

const COLUMNS =
  't.id, t.list_id, t.root_hash, t.subject, t.first_date, t.last_date, t.messages, t.participants, m.sender_id, m.sender_name, s.address';
const TABLES =
  'archive_thread t LEFT JOIN archive_message m ON m.id = t.root_id LEFT JOIN archive_sender s ON s.id = m.sender_id';

async function selectThreads(
  connection: Connection,
  rest: string,
  values: readonly StatementValue[],
): Promise<ArchivedThread[]> {
  const rows = await query<ThreadRow>(connection, `SELECT ${COLUMNS} FROM ${TABLES} ${rest}`, values);
  return rows.map((row) => ({
    id: row.id,
    list: row.list_id,
    hash: row.root_hash,
    subject: row.subject,
    starter: senderOf(row),
    firstDate: Number(row.first_date),
    lastDate: Number(row.last_date),
    messages: row.messages,
    participants: row.participants,
  }));
}

async function threadsByIds(
  connection: Connection,
  ids: readonly number[],
): Promise<Map<number, ArchivedThread>> {
  const [isOne, wanted] = oneOf(connection, ids);
  const threads = await selectThreads(connection, `WHERE t.id ${isOne}`, [wanted]);
  return new Map(threads.map((thread) => [thread.id, thread]));
}

/** A thread by the archive's key. */
export async function threadById(connection: Connection, id: number): Promise<ArchivedThread | undefined> {
  const [thread] = await selectThreads(connection, 'WHERE t.id = ?', [id]);
  return thread;
}

/** Threads by their last message, the newest first. */
export async function recentThreads(
  connection: Connection,
  list: number,
  page: PageRequest,
): Promise<Page<ArchivedThread>> {
  const limit = pageLimit(page);
  const [date = BEYOND, id = 0] = cursorNumbers(page.after, 2) ?? [];
  const threads = await selectThreads(
    connection,
    `WHERE t.list_id = ? AND (t.last_date, t.id) < (?, ?) ORDER BY t.last_date DESC, t.id DESC LIMIT ?`,
    [list, date, id, limit + 1],
  );
  return pageOf(threads, limit, (thread) => [thread.lastDate, thread.id]);
}

/** Among the thousand that were written to last since then. */
export async function activeThreads(
  connection: Connection,
  list: number,
  since: number,
  limit: number,
): Promise<ArchivedThread[]> {
  const rows = await query<{ id: number; messages: number; last_date: Big }>(
    connection,
    `SELECT id, messages, last_date FROM archive_thread WHERE list_id = ? AND last_date >= ?
     ORDER BY last_date DESC LIMIT ?`,
    [list, since, ACTIVE_CANDIDATES],
  );
  const ids = rows
    .sort((a, b) => b.messages - a.messages || Number(b.last_date) - Number(a.last_date) || b.id - a.id)
    .slice(0, Math.min(limit, 500))
    .map(({ id }) => id);
  const byId = await threadsByIds(connection, ids);
  return ids.flatMap((id) => byId.get(id) ?? []);
}

interface MonthRow {
  readonly id: number;
  readonly date: number;
  readonly thread: number;
}

/** Goes through the messages of the month from the newest on, only until the page has its threads. */
export async function monthThreads(
  connection: Connection,
  list: number,
  month: number,
  page: PageRequest,
): Promise<Page<ArchivedThread & { readonly inMonth: number }>> {
  const limit = pageLimit(page);
  const [start, end] = [monthStart(month), monthStart(month + 1)];
  const [date = end, id = 0] = cursorNumbers(page.after, 2) ?? [];
  const found: MonthRow[] = [];
  const seen = new Set<number>();
  for (let before: Pick<MonthRow, 'date' | 'id'> = { date, id }; found.length <= limit; ) {
    const rows = await messagesBefore(connection, list, start, before);
    const fresh = rows.filter(({ thread }) => !seen.has(thread));
    const shown =
      page.after === undefined ? new Set<number>() : await threadsFrom(connection, fresh, { date, id }, end);
    for (const row of fresh) {
      if (!seen.has(row.thread) && !shown.has(row.thread)) found.push(row);
      seen.add(row.thread);
    }
    const last = rows.at(-1);
    if (!last || rows.length < MONTH_BATCH) break;
    before = last;
  }
  const { items, next } = pageOf(found, limit, (row) => [row.date, row.id]);
  const ids = items.map(({ thread }) => thread);
  const byId = await threadsByIds(connection, ids);
  const counts = await countInMonth(connection, ids, start, end);
  const threads = ids.flatMap((one) => {
    const thread = byId.get(one);
    return thread ? [{ ...thread, inMonth: counts.get(one) ?? 0 }] : [];
  });
  return { items: threads, next };
}

async function messagesBefore(
  connection: Connection,
  list: number,
  start: number,
  { date, id }: Pick<MonthRow, 'date' | 'id'>,
): Promise<MonthRow[]> {
  const rows = await query<{ id: number; date: Big; thread_id: number }>(
    connection,
    `SELECT id, date, thread_id FROM archive_message WHERE list_id = ? AND date >= ? AND (date, id) < (?, ?)
     ORDER BY date DESC, id DESC LIMIT ?`,
    [list, start, date, id, MONTH_BATCH],
  );
  return rows.map((row) => ({ id: row.id, date: Number(row.date), thread: row.thread_id }));
}

/** Threads that an earlier page has shown: they have a message of the month from the cursor on. */
async function threadsFrom(
  connection: Connection,
  rows: readonly MonthRow[],
  { date, id }: Pick<MonthRow, 'date' | 'id'>,
  end: number,
): Promise<Set<number>> {
  const [isOne, wanted] = oneOf(connection, new Set(rows.map(({ thread }) => thread)));
  const shown = await query<{ thread_id: number }>(
    connection,
    `SELECT DISTINCT thread_id FROM archive_message WHERE thread_id ${isOne} AND date < ? AND (date, id) >= (?, ?)`,
    [wanted, end, date, id],
  );
  return new Set(shown.map((row) => row.thread_id));
}

async function countInMonth(
  connection: Connection,
  threads: readonly number[],
  start: number,
  end: number,
): Promise<Map<number, number>> {
  const [isOne, wanted] = oneOf(connection, threads);
  const rows = await query<{ thread_id: number; messages: Big }>(
    connection,
    `SELECT thread_id, count(*) AS messages FROM archive_message WHERE thread_id ${isOne} AND date >= ? AND date < ?
     GROUP BY thread_id`,
    [wanted, start, end],
  );
  return new Map(rows.map((row) => [row.thread_id, Number(row.messages)]));
}

/** By when they began. */
export async function threadNeighbours(
  connection: Connection,
  { list, firstDate, id }: ArchivedThread,
): Promise<Neighbours<ArchivedThread>> {
  const [previous] = await selectThreads(
    connection,
    `WHERE t.list_id = ? AND (t.first_date, t.id) < (?, ?) ORDER BY t.first_date DESC, t.id DESC LIMIT 1`,
    [list, firstDate, id],
  );
  const [next] = await selectThreads(
    connection,
    `WHERE t.list_id = ? AND (t.first_date, t.id) > (?, ?) ORDER BY t.first_date, t.id LIMIT 1`,
    [list, firstDate, id],
  );
  return { previous, next };
}
