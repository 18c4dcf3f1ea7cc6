import type { Connection } from '../../database/handle.ts';
import { query } from '../../database/statement.ts';
import type { Big } from './statements.ts';
import type { ArchivedList, MonthCount, Poster } from './types.ts';

interface ListRow {
  readonly id: number;
  readonly name: string;
  readonly messages: number;
  readonly threads: number;
  readonly first_date: Big | null;
  readonly last_date: Big | null;
}

/** All lists that have an archive, by List-Id. */
export async function selectLists(connection: Connection): Promise<ArchivedList[]> {
  const rows = await query<ListRow>(connection, 'SELECT * FROM archive_list ORDER BY name', []);
  return rows.map(listFromRow);
}

/** The archive's entry of a list. */
export async function selectList(connection: Connection, listId: string): Promise<ArchivedList | undefined> {
  const [row] = await query<ListRow>(connection, 'SELECT * FROM archive_list WHERE name = ?', [listId]);
  return row && listFromRow(row);
}

/** Months that have messages, the oldest first. */
export async function selectMonths(connection: Connection, list: number): Promise<MonthCount[]> {
  const rows = await query<{ month: number; messages: number }>(
    connection,
    'SELECT month, messages FROM archive_month WHERE list_id = ? AND messages > 0 ORDER BY month',
    [list],
  );
  return rows.map(({ month, messages }) => ({
    year: Math.floor(month / 12),
    month: (month % 12) + 1,
    messages,
  }));
}

/** Who wrote most to a list. */
export async function selectPosters(connection: Connection, list: number, limit: number): Promise<Poster[]> {
  const rows = await query<{ id: number; address: string; name: string; messages: number; last_date: Big }>(
    connection,
    `SELECT s.id, s.address, s.name, p.messages, p.last_date FROM archive_poster p
     JOIN archive_sender s ON s.id = p.sender_id
     WHERE p.list_id = ? AND p.messages > 0 ORDER BY p.messages DESC LIMIT ?`,
    [list, Math.min(limit, 500)],
  );
  return rows.map(({ id, address, name, messages, last_date: lastDate }) => ({
    sender: { id, address, name },
    messages,
    lastDate: Number(lastDate),
  }));
}

function listFromRow(row: ListRow): ArchivedList {
  return {
    id: row.id,
    listId: row.name,
    messages: row.messages,
    threads: row.threads,
    firstDate: row.first_date === null ? undefined : Number(row.first_date),
    lastDate: row.last_date === null ? undefined : Number(row.last_date),
  };
}
