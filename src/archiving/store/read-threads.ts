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

export async function threadById(connection: Connection, id: number): Promise<ArchivedThread | undefined> {
  const [thread] = await selectThreads(connection, 'WHERE t.id = ?', [id]);
  return thread;
}

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

/** The index alone answers which threads a month has, however long the mails are. */
export async function monthThreads(
  connection: Connection,
  list: number,
  month: number,
  page: PageRequest,
): Promise<Page<ArchivedThread & { readonly inMonth: number }>> {
  const limit = pageLimit(page);
  const [date = BEYOND, id = 0] = cursorNumbers(page.after, 2) ?? [];
  const rows = await query<{ thread_id: number; messages: Big; last: Big }>(
    connection,
    `SELECT thread_id, count(*) AS messages, max(date) AS last FROM archive_message
     WHERE list_id = ? AND date >= ? AND date < ? GROUP BY thread_id
     HAVING max(date) < ? OR (max(date) = ? AND thread_id < ?)
     ORDER BY max(date) DESC, thread_id DESC LIMIT ?`,
    [list, monthStart(month), monthStart(month + 1), date, date, id, limit + 1],
  );
  const byId = await threadsByIds(
    connection,
    rows.map((row) => row.thread_id),
  );
  const { items, next } = pageOf(rows, limit, (row) => [Number(row.last), row.thread_id]);
  const found = items.flatMap((row) => {
    const thread = byId.get(row.thread_id);
    return thread ? [{ ...thread, inMonth: Number(row.messages) }] : [];
  });
  return { items: found, next };
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
