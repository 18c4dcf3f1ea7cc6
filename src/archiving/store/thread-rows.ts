import type { Connection } from '../../database/handle.ts';
import { execute, query } from '../../database/statement.ts';
import type { Grouping } from './grouping.ts';
import type { NewMessage } from './new-message.ts';
import { type Big, insertAll, oneOf, plainMarks, reserveIds } from './statements.ts';
import { Linking } from './subject-links.ts';

interface ThreadRow {
  readonly id: number;
  readonly root_id: number;
  readonly root_rank: number;
  readonly root_date: Big;
  readonly root_hash: string;
  readonly subject: string;
  readonly first_date: Big;
  readonly last_date: Big;
  readonly messages: number;
}

/** A message as a candidate for the first of its thread. */
export interface Root {
  readonly id: number;
  readonly rank: number;
  readonly date: number;
  readonly hash: string;
  readonly subject: string;
}

interface ThreadState {
  root: Root;
  firstDate: number;
  lastDate: number;
  messages: number;
}

/** Who answers nothing begins a thread, rather than who answers something unknown; of those, the earliest. */
export const ROOT_RANKS: Readonly<Record<Linking, number>> = {
  [Linking.asPost]: 0,
  [Linking.asAnswer]: 1,
  [Linking.byReferences]: 2,
};

/** Whether one message begins a thread rather than the other; the order of arrival plays no part. */
export function precedes(one: Root, other: Root): boolean {
  if (one.rank !== other.rank) return one.rank < other.rank;
  if (one.date !== other.date) return one.date < other.date;
  return one.hash < other.hash || (one.hash === other.hash && one.id < other.id);
}

/** Stores what adding messages has done to threads, and gives the messages the keys of theirs. */
export async function saveThreads(
  connection: Connection,
  list: number,
  grouping: Grouping,
  rows: readonly NewMessage[],
): Promise<void> {
  const members = new Map<number, NewMessage[]>();
  for (const row of rows) {
    const thread = grouping.threadOf(row.thread);
    const others = members.get(thread);
    if (others) others.push(row);
    else members.set(thread, [row]);
  }
  const stored = await storedThreads(connection, grouping, members.keys());
  const fresh = [...members.keys()].filter((thread) => !stored.has(thread));
  const freshIds = await reserveIds(connection, 'archive_thread', fresh.length);
  const ids = new Map<number, number>(fresh.map((thread, index) => [thread, freshIds[index] ?? 0]));
  let gone = 0;
  for (const [thread, parts] of stored) {
    const survivor = parts.reduce((one, other) => (other.messages > one.messages ? other : one));
    ids.set(thread, survivor.id);
    const others = parts.filter((part) => part !== survivor).map(({ id }) => id);
    if (others.length > 0) await joinThreads(connection, survivor.id, others);
    gone += others.length;
  }
  for (const row of rows) row.thread = ids.get(grouping.threadOf(row.thread)) ?? 0;
  await saveMissing(connection, list, grouping, ids);
  const participants = await saveParticipants(connection, rows, new Set(freshIds));
  const newThreads: (string | number)[][] = [];
  for (const [thread, messages] of members) {
    const id = ids.get(thread) ?? 0;
    const state = stateOf(stored.get(thread) ?? [], messages);
    const values = [
      state.root.id,
      state.root.rank,
      state.root.date,
      state.root.hash,
      state.root.subject,
      state.firstDate,
      state.lastDate,
      state.messages,
      participants.get(id) ?? 1,
    ];
    if (stored.has(thread)) await updateThread(connection, id, values);
    else newThreads.push([id, list, ...values]);
  }
  await insertAll(
    connection,
    `archive_thread (id, list_id, root_id, root_rank, root_date, root_hash, subject, first_date, last_date, messages,
      participants)`,
    plainMarks(11),
    newThreads,
  );
  await execute(connection, 'UPDATE archive_list SET threads = threads + ? WHERE id = ?', [
    newThreads.length - gone,
    list,
  ]);
}

/** The stored threads that belong to each thread of the batch. */
async function storedThreads(
  connection: Connection,
  grouping: Grouping,
  threads: Iterable<number>,
): Promise<Map<number, ThreadRow[]>> {
  const all = new Set([...threads].filter((thread) => thread > 0));
  for (const thread of grouping.joined) all.add(thread);
  const stored = new Map<number, ThreadRow[]>();
  if (all.size === 0) return stored;
  for (const thread of all) if (grouping.threadOf(thread) > 0) all.add(grouping.threadOf(thread));
  const [isOne, wanted] = oneOf(connection, all);
  const rows = await query<ThreadRow>(
    connection,
    `SELECT id, root_id, root_rank, root_date, root_hash, subject, first_date, last_date, messages
     FROM archive_thread WHERE id ${isOne}`,
    [wanted],
  );
  for (const row of rows) {
    const thread = grouping.threadOf(row.id);
    const others = stored.get(thread);
    if (others) others.push(row);
    else stored.set(thread, [row]);
  }
  return stored;
}

/** Only the smaller threads are written anew, so that a long one costs nothing. */
async function joinThreads(
  connection: Connection,
  survivor: number,
  others: readonly number[],
): Promise<void> {
  const [isGone, gone] = oneOf(connection, others);
  await execute(connection, `UPDATE archive_message SET thread_id = ? WHERE thread_id ${isGone}`, [
    survivor,
    gone,
  ]);
  await execute(connection, `UPDATE archive_missing SET thread_id = ? WHERE thread_id ${isGone}`, [
    survivor,
    gone,
  ]);
  await execute(
    connection,
    `INSERT INTO archive_participant (thread_id, sender_id, messages)
     SELECT CAST(? AS integer), sender_id, CAST(sum(messages) AS integer) FROM archive_participant
     WHERE thread_id ${isGone} GROUP BY sender_id
     ON CONFLICT (thread_id, sender_id) DO UPDATE SET messages = archive_participant.messages + excluded.messages`,
    [survivor, gone],
  );
  await execute(connection, `DELETE FROM archive_participant WHERE thread_id ${isGone}`, [gone]);
  await execute(connection, `DELETE FROM archive_thread WHERE id ${isGone}`, [gone]);
}

async function saveMissing(
  connection: Connection,
  list: number,
  grouping: Grouping,
  ids: ReadonlyMap<number, number>,
): Promise<void> {
  for (const hash of grouping.found)
    await execute(connection, 'DELETE FROM archive_missing WHERE list_id = ? AND hash = ?', [list, hash]);
  await insertAll(
    connection,
    'archive_missing (list_id, hash, thread_id)',
    plainMarks(3),
    grouping.newlyMissing.map(({ hash, thread }) => [list, hash, ids.get(grouping.threadOf(thread)) ?? 0]),
  );
}

/** @returns how many people now take part in each of the threads of the batch */
async function saveParticipants(
  connection: Connection,
  rows: readonly NewMessage[],
  fresh: ReadonlySet<number>,
): Promise<Map<number, number>> {
  const counts = new Map<number, Map<number, number>>();
  for (const { thread, sender } of rows) {
    const senders = counts.get(thread) ?? new Map<number, number>();
    senders.set(sender, (senders.get(sender) ?? 0) + 1);
    counts.set(thread, senders);
  }
  await insertAll(
    connection,
    'archive_participant (thread_id, sender_id, messages)',
    plainMarks(3),
    [...counts].flatMap(([thread, senders]) =>
      [...senders].map(([sender, count]) => [thread, sender, count]),
    ),
    'ON CONFLICT (thread_id, sender_id) DO UPDATE SET messages = archive_participant.messages + excluded.messages',
  );
  const totals = new Map([...counts].map(([thread, senders]) => [thread, senders.size]));
  const older = [...counts.keys()].filter((thread) => !fresh.has(thread));
  if (older.length === 0) return totals;
  const [isOne, wanted] = oneOf(connection, older);
  const stored = await query<{ thread_id: number; count: Big }>(
    connection,
    `SELECT thread_id, count(*) AS count FROM archive_participant WHERE thread_id ${isOne} GROUP BY thread_id`,
    [wanted],
  );
  for (const { thread_id: thread, count } of stored) totals.set(thread, Number(count));
  return totals;
}

function stateOf(stored: readonly ThreadRow[], messages: readonly NewMessage[]): ThreadState {
  const states = [
    ...stored.map(
      (row): ThreadState => ({
        root: {
          id: row.root_id,
          rank: row.root_rank,
          date: Number(row.root_date),
          hash: row.root_hash,
          subject: row.subject,
        },
        firstDate: Number(row.first_date),
        lastDate: Number(row.last_date),
        messages: row.messages,
      }),
    ),
    ...messages.map(
      (row): ThreadState => ({
        root: {
          id: row.id,
          rank: ROOT_RANKS[row.linking],
          date: row.date,
          hash: row.hash,
          subject: row.prepared.plainSubject,
        },
        firstDate: row.date,
        lastDate: row.date,
        messages: 1,
      }),
    ),
  ];
  return states.reduce((one, other) => ({
    root: precedes(other.root, one.root) ? other.root : one.root,
    firstDate: Math.min(one.firstDate, other.firstDate),
    lastDate: Math.max(one.lastDate, other.lastDate),
    messages: one.messages + other.messages,
  }));
}

async function updateThread(
  connection: Connection,
  id: number,
  values: readonly (string | number)[],
): Promise<void> {
  await execute(
    connection,
    `UPDATE archive_thread SET root_id = ?, root_rank = ?, root_date = ?, root_hash = ?, subject = ?, first_date = ?,
       last_date = ?, messages = ?, participants = ? WHERE id = ?`,
    [...values, id],
  );
}
