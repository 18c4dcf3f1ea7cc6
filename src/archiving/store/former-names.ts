import type { Connection } from '../../database/handle.ts';
import { execute, query } from '../../database/statement.ts';

/** Notes that a list has another List-Id now; a name that is in use is nobody's former one. In a transaction. */
export async function noteFormerName(
  connection: Connection,
  list: number,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  await execute(connection, 'DELETE FROM archive_former_name WHERE name IN (?, ?)', [from, to]);
  await execute(connection, 'INSERT INTO archive_former_name (name, list_id) VALUES (?, ?)', [from, list]);
}

/** The present List-Id of the archive that once had this List-Id, or that of this posting address. */
export async function presentName(connection: Connection, listSpec: string): Promise<string | undefined> {
  const rows = await query<{ name: string }>(
    connection,
    `SELECT l.name FROM archive_former_name f JOIN archive_list l ON l.id = f.list_id WHERE f.name = ?`,
    [listSpec.replace('@', '.').toLowerCase()],
  );
  return rows[0]?.name;
}

/** The present List-Ids of the archives whose lists were once called so, whatever their domain; sorted. */
export async function presentNames(connection: Connection, listName: string): Promise<string[]> {
  const name = listName.toLowerCase();
  const rows = await query<{ name: string }>(
    connection,
    // `/` comes right behind `.`.
    `SELECT DISTINCT l.name FROM archive_former_name f JOIN archive_list l ON l.id = f.list_id
     WHERE f.name > ? AND f.name < ? ORDER BY l.name`,
    [`${name}.`, `${name}/`],
  );
  return rows.map((row) => row.name);
}
