import type { Connection } from './handle.ts';
import { selectIn } from './rows.ts';
import { databaseState } from './state.ts';

/** Counts, and the state of the database that they are of. */
interface Known {
  readonly state: string;
  readonly counts: Map<string, number>;
}

const known = new WeakMap<Connection, Known>();

/**
 * How many members (in the role member) each of these lists has. To count is to read a whole index, so on SQLite, which
 * tells whether anything has changed since, counts are kept until it has.
 */
export async function memberCounts(
  connection: Connection,
  listIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const kept = await countsOf(connection);
  const missing = listIds.filter((listId) => !kept.has(listId));
  const rows = await selectIn(missing, (batch) =>
    connection('member')
      .where('role', 'member')
      .whereIn('list_id', [...batch])
      .groupBy('list_id')
      .select<{ list_id: string; total: number | string }[]>('list_id', connection.raw('COUNT(*) AS total')),
  );
  for (const listId of missing) kept.set(listId, 0);
  for (const { list_id, total } of rows) kept.set(list_id, Number(total));
  return kept;
}

/** What is known of the database as it is now; empty, and not kept, where that cannot be told. */
async function countsOf(connection: Connection): Promise<Map<string, number>> {
  const state = await databaseState(connection);
  if (state === undefined) return new Map();
  const last = known.get(connection);
  if (last?.state === state) return last.counts;
  const counts = new Map<string, number>();
  known.set(connection, { state, counts });
  return counts;
}
