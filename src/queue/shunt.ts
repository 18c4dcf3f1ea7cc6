import type { Connection } from '../database/handle.ts';
import { deleteFreeEntry, listEntries, moveEntry, type QueueEntryRow } from '../database/queue-entries.ts';
import { notify } from './enqueue.ts';
import { readMetadata } from './metadata.ts';
import { queueNames } from './queues.ts';
import type { Clock } from './step.ts';

/** The entries of the shunt queue. @param ids only these, in this order; those that are not there are left out */
export async function shuntedEntries(
  connection: Connection,
  ids?: readonly string[],
): Promise<QueueEntryRow[]> {
  const all = await listEntries(connection, 'shunt');
  return ids ? all.filter(({ entry_id }) => ids.includes(entry_id)) : all;
}

/**
 * Puts a shunted entry back into the queue where it broke, at the end; `in` where nobody knows.
 * @returns false where it is gone meanwhile
 * @throws MetadataError where nobody could work on it
 */
export async function unshunt(
  connection: Connection,
  clock: Clock,
  { entry_id, metadata }: QueueEntryRow,
): Promise<boolean> {
  const { whichq, ...rest } = readMetadata(metadata);
  const queue = queueNames.find((name) => name === whichq && name !== 'shunt') ?? 'in';
  const moved = await moveEntry(connection, entry_id, {
    queue,
    metadata: JSON.stringify(rest),
    run_at: clock.now(),
  });
  if (moved) await notify(connection, queue);
  return moved;
}

/** Throws a shunted entry away, with its message. @returns false where it is gone meanwhile */
export async function discardShunted(connection: Connection, { entry_id }: QueueEntryRow): Promise<boolean> {
  return deleteFreeEntry(connection, entry_id);
}
