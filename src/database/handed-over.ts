import type { HandedOverBase } from '../model/handed-over-base.ts';
import type { UtcTime } from '../model/time.ts';
import type { Connection } from './handle.ts';
import { insertMissingRows, selectIn } from './rows.ts';

/** Which of these members of a list were handed over by Mailman 2, of all their keys. */
export async function handedOverAmong(
  connection: Connection,
  listId: string,
  keys: readonly string[],
): Promise<Set<string>> {
  const found = await selectIn<string>(keys, (batch) =>
    connection('handed_over').where('list_id', listId).whereIn('email', batch).pluck('email'),
  );
  return new Set(found);
}

/** All of a list, sorted. */
export async function handedOverOf(connection: Connection, listId: string): Promise<string[]> {
  return connection('handed_over').where('list_id', listId).orderBy('email').pluck('email');
}

/** How many of each list, by List-Id; lists without any are absent. */
export async function countHandedOver(connection: Connection): Promise<Map<string, number>> {
  const rows: { list_id: string; members: number | string }[] = await connection('handed_over')
    .groupBy('list_id')
    .select('list_id')
    .count({ members: '*' });
  return new Map(rows.map(({ list_id, members }) => [list_id, Number(members)]));
}

/** From now on this server delivers to these members. @param keys of their addresses */
export async function insertHandedOver(
  connection: Connection,
  listId: string,
  keys: readonly string[],
  now: UtcTime,
): Promise<void> {
  const rows = keys.map((email) => ({ list_id: listId, email, since: now }));
  await insertMissingRows(connection, 'handed_over', rows);
}

/** From now on Mailman 2 delivers to them again. */
export async function deleteHandedOver(
  connection: Connection,
  listId: string,
  keys: readonly string[],
): Promise<void> {
  await selectIn(keys, async (batch) => {
    await connection('handed_over').where('list_id', listId).whereIn('email', batch).delete();
    return [];
  });
}

/** These members as Mailman 2 had them last, by the keys of their addresses here; those of whom that is not known are absent. */
export async function basesOf(
  connection: Connection,
  listId: string,
  keys: readonly string[],
): Promise<Map<string, HandedOverBase>> {
  const rows = await selectIn<{ email: string; base: string }>(keys, (batch) =>
    connection('handed_over')
      .where('list_id', listId)
      .whereIn('email', batch)
      .whereNotNull('base')
      .select('email', 'base'),
  );
  return new Map(rows.map(({ email, base }) => [email, JSON.parse(base) as HandedOverBase]));
}

/** Remembers what Mailman 2 says of a member who was handed over. @param key of the address here */
export async function updateBase(
  connection: Connection,
  listId: string,
  key: string,
  base: HandedOverBase,
): Promise<void> {
  await connection('handed_over')
    .where({ list_id: listId, email: key })
    .update({ base: JSON.stringify(base) });
}

/**
 * A member who was handed over has another address from now on. In a transaction.
 * @param listId null: on all lists
 */
export async function moveHandedOver(
  connection: Connection,
  listId: string | null,
  from: string,
  to: string,
): Promise<void> {
  if (from === to) return;
  const rows = connection('handed_over').where('email', from);
  await (listId === null ? rows : rows.where('list_id', listId)).update({ email: to });
}
