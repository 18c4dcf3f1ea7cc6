import type { UtcTime } from '../model/time.ts';
import type { Connection } from './handle.ts';
import { execute, executeIn, insertMany, query } from './statement.ts';

/** A queue entry as it is stored. Metadata is JSON; `run_at` orders the queue. */
export interface QueueEntryRow {
  readonly entry_id: string;
  readonly queue: string;
  readonly message_id: string;
  readonly metadata: string;
  readonly run_at: UtcTime;
  readonly attempts: number;
  readonly recoveries: number;
  /** Who holds it: nobody else takes it while that process lives. */
  readonly worker_id: string | null;
  readonly error: string | null;
}

const COLUMNS = 'entry_id, queue, message_id, metadata, run_at, attempts, recoveries, worker_id, error';

/** Puts entries into their queues. */
export async function insertEntries(connection: Connection, rows: readonly QueueEntryRow[]): Promise<void> {
  await insertMany(
    connection,
    `INSERT INTO queue_entry (${COLUMNS})`,
    rows.map((row) => [
      row.entry_id,
      row.queue,
      row.message_id,
      row.metadata,
      row.run_at,
      row.attempts,
      row.recoveries,
      row.worker_id,
      row.error,
    ]),
  );
}

/** Which entries may be taken. */
export interface Due {
  readonly queue: string;
  readonly now: UtcTime;
  readonly limit: number;
}

/** The entries of a queue that are due and held by nobody, first come first; no other process sees them in this transaction. */
export async function dueEntries(
  connection: Connection,
  { queue, now, limit }: Due,
): Promise<QueueEntryRow[]> {
  const lock = connection.client.dialect === 'sqlite3' ? '' : ' FOR UPDATE SKIP LOCKED';
  return query<QueueEntryRow>(
    connection,
    `SELECT ${COLUMNS} FROM queue_entry WHERE queue = ? AND run_at <= ? AND worker_id IS NULL
     ORDER BY run_at, entry_id LIMIT ${Math.trunc(limit)}${lock}`,
    [queue, now],
  );
}

/** Takes such entries. */
export async function takeEntries(
  connection: Connection,
  entryIds: readonly string[],
  workerId: string,
): Promise<void> {
  await executeIn(
    connection,
    (isListed) => `UPDATE queue_entry SET worker_id = ? WHERE entry_id ${isListed}`,
    [workerId],
    entryIds,
  );
}

/**
 * Removes entries that their holder has finished.
 * @returns how many; fewer where the holder has lost some: it was thought dead, and somebody else has taken over
 */
export async function deleteHeldEntries(
  connection: Connection,
  entryIds: readonly string[],
  workerId: string,
): Promise<number> {
  return executeIn(
    connection,
    // Not by the index of workers, which is full of what this one has finished.
    (isListed) => `DELETE FROM queue_entry WHERE COALESCE(worker_id, '') = ? AND entry_id ${isListed}`,
    [workerId],
    entryIds,
  );
}

/** An entry that a process holds, and its message. */
export type HeldRow = Pick<QueueEntryRow, 'entry_id' | 'message_id'>;

/** The entries that a process holds. */
export async function entriesOfWorker(connection: Connection, workerId: string): Promise<HeldRow[]> {
  return query(connection, 'SELECT entry_id, message_id FROM queue_entry WHERE worker_id = ?', [workerId]);
}

/** Gives an entry back as it is, if this process still holds it. */
export async function releaseEntry(connection: Connection, entryId: string, workerId: string): Promise<void> {
  const sql = 'UPDATE queue_entry SET worker_id = NULL WHERE entry_id = ? AND worker_id = ?';
  await execute(connection, sql, [entryId, workerId]);
}

/** What becomes of an entry that is put back. */
export type Putback = Pick<QueueEntryRow, 'queue' | 'metadata' | 'run_at' | 'attempts' | 'error'>;

/** Puts an entry back, for later or into another queue. @returns false where the holder has lost it */
export async function putBackEntry(
  connection: Connection,
  entryId: string,
  workerId: string,
  { queue, metadata, run_at, attempts, error }: Putback,
): Promise<boolean> {
  const changed = await execute(
    connection,
    `UPDATE queue_entry SET queue = ?, metadata = ?, run_at = ?, attempts = ?, error = ?, worker_id = NULL
     WHERE entry_id = ? AND worker_id = ?`,
    [queue, metadata, run_at, attempts, error, entryId, workerId],
  );
  return changed === 1;
}

/** Makes entries due that would be so only after a moment which nobody can have meant. @returns how many */
export async function bringForward(
  connection: Connection,
  queues: readonly string[],
  { latest, now }: { readonly latest: UtcTime; readonly now: UtcTime },
): Promise<number> {
  return connection('queue_entry')
    .whereIn('queue', [...queues])
    .where('run_at', '>', latest)
    .whereNull('worker_id')
    .update({ run_at: now });
}

/** The queues that have something due which nobody holds. */
export async function queuesWithWork(connection: Connection, now: UtcTime): Promise<string[]> {
  const rows = await query<{ queue: string }>(
    connection,
    'SELECT DISTINCT queue FROM queue_entry WHERE run_at <= ? AND worker_id IS NULL',
    [now],
  );
  return rows.map(({ queue }) => queue);
}

/** How many entries each queue has; queues without any are left out. */
export async function countEntries(connection: Connection): Promise<Map<string, number>> {
  const rows = await query<{ queue: string; entries: number | string }>(
    connection,
    'SELECT queue, COUNT(*) AS entries FROM queue_entry GROUP BY queue',
    [],
  );
  return new Map(rows.map(({ queue, entries }) => [queue, Number(entries)]));
}

/** The entries of a queue, in their order, without their messages. */
export async function listEntries(connection: Connection, queue: string): Promise<QueueEntryRow[]> {
  return connection<QueueEntryRow>('queue_entry').where('queue', queue).orderBy(['run_at', 'entry_id']);
}

/** An entry of any queue. */
export async function findEntry(connection: Connection, entryId: string): Promise<QueueEntryRow | undefined> {
  return connection<QueueEntryRow>('queue_entry').where('entry_id', entryId).first();
}

/** Moves an entry that nobody holds. @returns false where it is gone or held */
export async function moveEntry(
  connection: Connection,
  entryId: string,
  change: Pick<QueueEntryRow, 'queue' | 'metadata' | 'run_at'>,
): Promise<boolean> {
  const changed = await connection('queue_entry')
    .where({ entry_id: entryId })
    .whereNull('worker_id')
    .update({ ...change, attempts: 0, recoveries: 0, error: null });
  return changed === 1;
}

/** Removes an entry that nobody holds, with its message. @returns false where it is gone or held */
export async function deleteFreeEntry(connection: Connection, entryId: string): Promise<boolean> {
  const row = await findEntry(connection, entryId);
  const deleted = await connection('queue_entry')
    .where({ entry_id: entryId })
    .whereNull('worker_id')
    .delete();
  if (row && deleted === 1) {
    const others = await connection('queue_entry').where('message_id', row.message_id).first('entry_id');
    if (!others) await connection('queue_message').where('message_id', row.message_id).delete();
  }
  return deleted === 1;
}

/** How many posts of a list, that came to an address with one of these stages, are still to be worked on. */
export async function entriesOfStages(
  connection: Connection,
  listId: string,
  stages: readonly string[],
): Promise<number> {
  const rows = await query<{ metadata: string }>(
    connection,
    "SELECT metadata FROM queue_entry WHERE queue IN ('in', 'pipeline')",
    [],
  );
  return rows
    .map(({ metadata }) => JSON.parse(metadata) as { listid?: string; stage?: string })
    .filter((entry) => entry.listid === listId && stages.includes(entry.stage ?? '')).length;
}

/** How many posts of a list are still on their way from here to Mailman 2. */
export async function relaysOf(connection: Connection, listId: string): Promise<number> {
  // Lists of recipients are long: those of other mails are left where they are.
  const rows = await query<{ metadata: string }>(
    connection,
    `SELECT metadata FROM queue_entry WHERE queue = 'out' AND metadata LIKE '%"relayed":true%'`,
    [],
  );
  return rows
    .map(({ metadata }) => JSON.parse(metadata) as { listid?: string; relayed?: boolean })
    .filter((entry) => entry.listid === listId && entry.relayed === true).length;
}
