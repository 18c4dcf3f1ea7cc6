import type { Connection } from './handle.ts';
import { execute, query } from './statement.ts';

/** A part of what has become of an outgoing message's recipients. */
export interface DeliveryProgress {
  /** Recipients that need no further attempt. */
  readonly settled: readonly string[];
  /** Recipients to try again, with code and text of the reply. */
  readonly deferred: readonly (readonly [recipient: string, code: number, text: string])[];
}

/** Notes what has become of some recipients of an entry. */
export async function addProgress(
  connection: Connection,
  progressId: string,
  entryId: string,
  { settled, deferred }: DeliveryProgress,
): Promise<void> {
  await execute(
    connection,
    'INSERT INTO delivery_progress (progress_id, entry_id, settled, deferred) VALUES (?, ?, ?, ?)',
    [progressId, entryId, JSON.stringify(settled), JSON.stringify(deferred)],
  );
}

/** All that is noted for an entry. */
export async function progressOf(connection: Connection, entryId: string): Promise<DeliveryProgress[]> {
  const rows = await query<{ settled: string; deferred: string }>(
    connection,
    'SELECT settled, deferred FROM delivery_progress WHERE entry_id = ? ORDER BY progress_id',
    [entryId],
  );
  return rows.map(
    ({ settled, deferred }): DeliveryProgress => ({
      settled: JSON.parse(settled) as string[],
      deferred: JSON.parse(deferred) as DeliveryProgress['deferred'],
    }),
  );
}

/** Forgets what is noted for an entry. */
export async function clearProgress(connection: Connection, entryId: string): Promise<void> {
  await execute(connection, 'DELETE FROM delivery_progress WHERE entry_id = ?', [entryId]);
}
