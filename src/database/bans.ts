import type { Ban } from '../model/ban.ts';
import type { Connection } from './handle.ts';
import { insertRows, selectIn } from './rows.ts';

interface BanRow {
  readonly ban_id: number;
  readonly list_id: string | null;
  readonly email: string;
}

/** The bans of one list, or (null) of the whole site, in the order they were made. */
export async function bansOf(connection: Connection, listId: string | null): Promise<Ban[]> {
  const rows = await connection<BanRow>('ban').where('list_id', listId).orderBy('ban_id');
  return rows.map((row) => ({ listId: row.list_id, email: row.email }));
}

/** The bans that count on a list: its own and the site's. */
export async function bansFor(connection: Connection, listId: string): Promise<Ban[]> {
  return [...(await bansOf(connection, listId)), ...(await bansOf(connection, null))];
}

export async function insertBans(connection: Connection, bans: readonly Ban[]): Promise<void> {
  await insertRows(
    connection,
    'ban',
    bans.map(({ listId, email }) => ({ list_id: listId, email })),
  );
}

export async function deleteBans(
  connection: Connection,
  listId: string | null,
  emails: readonly string[],
): Promise<void> {
  await selectIn(emails, async (batch) => {
    await connection<BanRow>('ban').where('list_id', listId).whereIn('email', batch).delete();
    return [];
  });
}
