import type { Connection, Database } from '../../database/handle.ts';
import { execute, query } from '../../database/statement.ts';
import { lockList } from './add.ts';
import { deleteRows } from './delete.ts';
import { ArchiveError } from './errors.ts';
import { noteFormerName } from './former-names.ts';
import { selectList } from './read-lists.ts';
import { unindexList } from './search/index-rows.ts';
import type { ArchivedList } from './types.ts';

/** Messages that are deleted in one transaction, so that others may write in between. */
const BATCH = 1000;

/** The archive's entry of a list, made where it is missing; in a transaction. */
export async function openList(connection: Connection, listId: string): Promise<ArchivedList> {
  const known = await selectList(connection, listId);
  if (known) return known;
  await execute(
    connection,
    `INSERT INTO archive_list (name, messages, threads, attachments, source_size, stored_size, next_number)
     VALUES (?, 0, 0, 0, 0, 0, 0) ON CONFLICT (name) DO NOTHING`,
    [listId],
  );
  const list = await selectList(connection, listId);
  if (!list) throw new ArchiveError(`The archive cannot take the list ${listId}`);
  return list;
}

/**
 * Forgets what was made of the messages of a list: threads, months, posters, the index. In a transaction.
 * @throws ArchiveError where the list is gone
 */
export async function forgetDerived(connection: Connection, list: number): Promise<void> {
  // Before anything else, as all writers do: else they wait for each other, and what one is just adding is not forgotten.
  await lockList(connection, list);
  await unindexList(connection, list);
  const threads = '(SELECT id FROM archive_thread WHERE list_id = ?)';
  await execute(connection, `DELETE FROM archive_participant WHERE thread_id IN ${threads}`, [list]);
  for (const table of ['archive_thread', 'archive_missing', 'archive_month', 'archive_poster'])
    await execute(connection, `DELETE FROM ${table} WHERE list_id = ?`, [list]);
  await execute(
    connection,
    `UPDATE archive_list SET messages = 0, threads = 0, attachments = 0, source_size = 0, stored_size = 0,
       first_date = NULL, last_date = NULL WHERE id = ?`,
    [list],
  );
}

/** @returns whether there was such a list */
export async function deleteList(database: Database, listId: string): Promise<boolean> {
  const list = await selectList(database.connection, listId);
  if (!list) return false;
  // Killed half-way, it is a list with fewer messages, to be deleted again.
  await database.transaction(async (connection) => {
    await forgetDerived(connection, list.id);
    await forgetOthers(connection, list.id);
  });
  while (!(await deleteBatch(database, list.id)));
  return true;
}

/** @returns whether that was the last of it: posts may come meanwhile */
function deleteBatch(database: Database, list: number): Promise<boolean> {
  return database.transaction(async (connection) => {
    await lockList(connection, list);
    const rows = await query<{ id: number }>(
      connection,
      'SELECT id FROM archive_message WHERE list_id IN (?, ?) LIMIT ?',
      [list, -list, BATCH],
    );
    await deleteRows(
      connection,
      rows.map(({ id }) => id),
    );
    if (rows.length > 0) return false;
    await forgetDerived(connection, list);
    await forgetOthers(connection, list);
    await execute(connection, 'DELETE FROM archive_dictionary WHERE list_id = ?', [list]);
    await execute(connection, 'DELETE FROM archive_list WHERE id = ?', [list]);
    return true;
  });
}

/** Beside messages, and what is made of them. */
const OTHERS = [
  'archive_old_path',
  'archive_old_file',
  'archive_alias',
  'archive_run',
  'archive_former_name',
];

async function forgetOthers(connection: Connection, list: number): Promise<void> {
  for (const table of OTHERS) await execute(connection, `DELETE FROM ${table} WHERE list_id = ?`, [list]);
}

/** Gives a list another List-Id; an empty entry of the new one makes room. In a transaction. @throws ArchiveError */
export async function moveList(connection: Connection, listId: string, newListId: string): Promise<void> {
  const list = await selectList(connection, listId);
  if (!list) throw new ArchiveError(`The archive has no list ${listId}`);
  if (listId === newListId) return;
  const there = await selectList(connection, newListId);
  if (there) await lockList(connection, there.id);
  const other = there && (await selectList(connection, newListId));
  if (other && other.messages > 0)
    throw new ArchiveError(
      `The archive of ${newListId} has ${other.messages} messages already; delete it first`,
    );
  if (other) {
    await unindexList(connection, other.id);
    await execute(connection, 'DELETE FROM archive_list WHERE id = ?', [other.id]);
  }
  await execute(connection, 'UPDATE archive_list SET name = ? WHERE id = ?', [newListId, list.id]);
  await noteFormerName(connection, list.id, { from: listId, to: newListId });
}
