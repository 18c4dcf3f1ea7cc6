import type { Connection } from '../../database/handle.ts';
import { execute, query } from '../../database/statement.ts';
import { lockList } from './add.ts';
import { addToList, monthOf } from './counts.ts';
import { unindexMessages } from './search/index-rows.ts';
import { type Big, oneOf } from './statements.ts';
import type { Linking } from './subject-links.ts';
import { precedes, ROOT_RANKS } from './thread-rows.ts';

interface GoneRow {
  readonly id: number;
  readonly list_id: number;
  readonly hash: string;
  readonly copy: number;
  readonly sender_id: number;
  readonly date: Big;
  readonly thread_id: number;
  readonly attachments: number;
  readonly length: number | null;
  readonly stored: number | null;
}

/** Tables whose rows belong to a message. */
const PARTS = ['archive_content', 'archive_attachment', 'archive_old_path', 'archive_alias'];

/** Removes messages with all that belongs to them, in a transaction; their threads, months and posters count anew. */
export async function deleteMessages(connection: Connection, messages: readonly number[]): Promise<void> {
  const [isOne, wanted] = oneOf(connection, messages);
  const lists = await query<{ list_id: number }>(
    connection,
    `SELECT DISTINCT list_id FROM archive_message WHERE id ${isOne} ORDER BY list_id`,
    [wanted],
  );
  // Before they are read: what another deletes at the same time must not be counted twice.
  for (const { list_id: list } of lists) await lockList(connection, list);
  const rows = await query<GoneRow>(
    connection,
    `SELECT m.id, m.list_id, m.hash, m.copy, m.sender_id, m.date, m.thread_id, m.attachments, c.length,
       length(c.content) AS stored FROM archive_message m LEFT JOIN archive_content c ON c.message_id = m.id
     WHERE m.id ${isOne} ORDER BY m.list_id, m.id`,
    [wanted],
  );
  for (const list of new Set(rows.map((row) => row.list_id))) {
    const gone = rows.filter((row) => row.list_id === list);
    await lockList(connection, list);
    await deleteRows(
      connection,
      gone.map(({ id }) => id),
    );
    for (const row of gone) await uncount(connection, row);
    for (const thread of new Set(gone.map((row) => row.thread_id)))
      await recountThread(connection, list, thread);
    await recountDates(connection, list);
  }
}

/** Removes the rows of messages, and nothing that was counted of them. */
export async function deleteRows(connection: Connection, ids: readonly number[]): Promise<void> {
  const [isOne, wanted] = oneOf(connection, ids);
  await unindexMessages(connection, ids);
  for (const table of PARTS)
    await execute(connection, `DELETE FROM ${table} WHERE message_id ${isOne}`, [wanted]);
  await execute(connection, `DELETE FROM archive_message WHERE id ${isOne}`, [wanted]);
}

async function uncount(connection: Connection, row: GoneRow): Promise<void> {
  const { list_id: list, hash, sender_id: sender } = row;
  if (row.copy === 0) await promoteCopy(connection, list, hash, row.thread_id);
  await execute(
    connection,
    'UPDATE archive_month SET messages = messages - 1 WHERE list_id = ? AND month = ?',
    [list, monthOf(Number(row.date))],
  );
  await execute(
    connection,
    `UPDATE archive_poster SET messages = messages - 1, last_date = COALESCE((SELECT max(date) FROM archive_message
       WHERE sender_id = ? AND list_id = ?), last_date) WHERE list_id = ? AND sender_id = ?`,
    [sender, list, list, sender],
  );
  await addToList(connection, list, {
    messages: -1,
    attachments: -row.attachments,
    sourceSize: -(row.length ?? 0),
    storedSize: -(row.stored ?? 0),
  });
}

/** Another message of the same Message-ID takes its place; where there is none, what refers to it refers to nothing. */
async function promoteCopy(
  connection: Connection,
  list: number,
  hash: string,
  thread: number,
): Promise<void> {
  const promoted = await execute(
    connection,
    `UPDATE archive_message SET copy = 0 WHERE id = (
       SELECT id FROM archive_message WHERE list_id = ? AND hash = ? ORDER BY copy LIMIT 1)`,
    [list, hash],
  );
  if (promoted > 0) return;
  await execute(
    connection,
    `INSERT INTO archive_missing (list_id, hash, thread_id) VALUES (?, ?, ?) ON CONFLICT (list_id, hash) DO NOTHING`,
    [list, hash, thread],
  );
}

interface MemberRow {
  readonly id: number;
  readonly hash: string;
  readonly date: Big;
  readonly linking: Linking;
  readonly sender_id: number;
  readonly subject: string;
}

async function recountThread(connection: Connection, list: number, thread: number): Promise<void> {
  await execute(connection, 'DELETE FROM archive_participant WHERE thread_id = ?', [thread]);
  await execute(
    connection,
    `INSERT INTO archive_participant (thread_id, sender_id, messages)
     SELECT thread_id, sender_id, count(*) FROM archive_message WHERE thread_id = ? GROUP BY thread_id, sender_id`,
    [thread],
  );
  const members = await query<MemberRow>(
    connection,
    'SELECT id, hash, date, linking, sender_id, subject FROM archive_message WHERE thread_id = ?',
    [thread],
  );
  const roots = members.map(({ id, hash, date, linking, subject }) => ({
    id,
    rank: ROOT_RANKS[linking],
    date: Number(date),
    hash,
    subject,
  }));
  const [first, ...others] = roots;
  if (!first) {
    await execute(connection, 'DELETE FROM archive_thread WHERE id = ?', [thread]);
    await execute(connection, 'DELETE FROM archive_missing WHERE thread_id = ?', [thread]);
    await execute(connection, 'UPDATE archive_list SET threads = threads - 1 WHERE id = ?', [list]);
    return;
  }
  const root = others.reduce((one, other) => (precedes(other, one) ? other : one), first);
  const dates = roots.map(({ date }) => date);
  // The subject stays: the first message of a thread may be gone, what people talked about is the same.
  await execute(
    connection,
    `UPDATE archive_thread SET root_id = ?, root_rank = ?, root_date = ?, root_hash = ?, first_date = ?, last_date = ?,
       messages = ?, participants = ? WHERE id = ?`,
    [
      root.id,
      root.rank,
      root.date,
      root.hash,
      dates.reduce((one, other) => Math.min(one, other)),
      dates.reduce((one, other) => Math.max(one, other)),
      members.length,
      new Set(members.map((member) => member.sender_id)).size,
      thread,
    ],
  );
}

/** The first and the last date, and no months and posters without messages. */
async function recountDates(connection: Connection, list: number): Promise<void> {
  await execute(
    connection,
    `UPDATE archive_list SET first_date = (SELECT min(date) FROM archive_message WHERE list_id = ?),
       last_date = (SELECT max(date) FROM archive_message WHERE list_id = ?) WHERE id = ?`,
    [list, list, list],
  );
  await execute(connection, 'DELETE FROM archive_month WHERE list_id = ? AND messages <= 0', [list]);
  await execute(connection, 'DELETE FROM archive_poster WHERE list_id = ? AND messages <= 0', [list]);
}
