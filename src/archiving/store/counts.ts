import type { Connection } from '../../database/handle.ts';
import { execute } from '../../database/statement.ts';
import type { NewMessage } from './new-message.ts';
import { insertAll, isSqlite, plainMarks } from './statements.ts';

/** Months since the year 0, in UTC. */
export function monthOf(date: number): number {
  const day = new Date(date);
  return day.getUTCFullYear() * 12 + day.getUTCMonth();
}

/** When a month begins, in epoch milliseconds. */
export function monthStart(month: number): number {
  return new Date(0).setUTCFullYear(Math.floor(month / 12), month % 12, 1);
}

/** Counts new messages for the list, its months and its posters. */
export async function addToCounts(
  connection: Connection,
  list: number,
  rows: readonly NewMessage[],
  nextNumber: number,
): Promise<void> {
  if (rows.length === 0) return;
  const months = new Map<number, number>();
  const posters = new Map<number, { messages: number; lastDate: number }>();
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { date, sender } of rows) {
    const month = monthOf(date);
    months.set(month, (months.get(month) ?? 0) + 1);
    const poster = posters.get(sender) ?? { messages: 0, lastDate: date };
    posters.set(sender, { messages: poster.messages + 1, lastDate: Math.max(poster.lastDate, date) });
    first = Math.min(first, date);
    last = Math.max(last, date);
  }
  await insertAll(
    connection,
    'archive_month (list_id, month, messages)',
    plainMarks(3),
    [...months].map(([month, count]) => [list, month, count]),
    'ON CONFLICT (list_id, month) DO UPDATE SET messages = archive_month.messages + excluded.messages',
  );
  const [largest] = extremes(connection);
  await insertAll(
    connection,
    'archive_poster (list_id, sender_id, messages, last_date)',
    plainMarks(4),
    [...posters].map(([sender, { messages, lastDate }]) => [list, sender, messages, lastDate]),
    `ON CONFLICT (list_id, sender_id) DO UPDATE SET messages = archive_poster.messages + excluded.messages,
       last_date = ${largest}(archive_poster.last_date, excluded.last_date)`,
  );
  await addToList(connection, list, {
    messages: rows.length,
    attachments: sum(rows.map(({ prepared }) => prepared.attachments.length)),
    sourceSize: sum(rows.map(({ prepared }) => prepared.length)),
    storedSize: sum(rows.map(({ prepared }) => prepared.content.byteLength)),
  });
  const [larger, smaller] = extremes(connection);
  await execute(
    connection,
    `UPDATE archive_list SET first_date = ${smaller}(COALESCE(first_date, ?), ?),
       last_date = ${larger}(COALESCE(last_date, ?), ?), next_number = ${larger}(next_number, ?) WHERE id = ?`,
    [first, first, last, last, nextNumber, list],
  );
}

/** What the list's own row counts. */
export interface ListCounts {
  readonly messages: number;
  readonly attachments: number;
  readonly sourceSize: number;
  readonly storedSize: number;
}

/** Changes them by so much. */
export async function addToList(connection: Connection, list: number, counts: ListCounts): Promise<void> {
  const { messages, attachments, sourceSize, storedSize } = counts;
  await execute(
    connection,
    `UPDATE archive_list SET messages = messages + ?, attachments = attachments + ?, source_size = source_size + ?,
       stored_size = stored_size + ? WHERE id = ?`,
    [messages, attachments, sourceSize, storedSize, list],
  );
}

/** The functions for the larger and the smaller of two values. */
function extremes(connection: Connection): readonly [string, string] {
  return isSqlite(connection) ? ['max', 'min'] : ['greatest', 'least'];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
