import type { UtcTime } from '../model/time.ts';
import type { Connection } from './handle.ts';

/** Notes that the moderators of a list are reminded now. */
export async function recordReminder(connection: Connection, listId: string, now: UtcTime): Promise<void> {
  await connection('reminder').insert({ list_id: listId, sent_at: now }).onConflict('list_id').merge();
}

/**
 * Takes the turn to remind the moderators of a list, if nobody has done so since a moment.
 * @returns whether it was taken; of several hosts that ask at once, one gets it
 */
export async function takeReminder(
  connection: Connection,
  listId: string,
  { since, now }: { readonly since: UtcTime; readonly now: UtcTime },
): Promise<boolean> {
  const updated = await connection('reminder')
    .where('list_id', listId)
    .where('sent_at', '<', since)
    .update({ sent_at: now });
  if (updated > 0) return true;
  const known = await connection('reminder').where('list_id', listId).first();
  if (known) return false;
  await connection('reminder').insert({ list_id: listId, sent_at: now });
  return true;
}
