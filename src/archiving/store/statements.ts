import type { Connection } from '../../database/handle.ts';
import { execute, query, type StatementValue } from '../../database/statement.ts';

/** Whether the archive is a SQLite file; else it is PostgreSQL. */
export function isSqlite(connection: Connection): boolean {
  return connection.client.dialect === 'sqlite3';
}

/** Numbers that PostgreSQL's driver gives as text, because they may be larger than a number can be. */
export type Big = number | string;

/** Marks for one row, with what PostgreSQL needs to know of their types, such as `?::tsvector`. */
export type Marks = readonly string[];

/**
 * Inserts rows in a transaction, one by one, which with prepared statements is quickest on both databases.
 * @param target `table (columns)`
 * @param marks one for each column
 * @param ending such as ON CONFLICT
 */
export async function insertAll(
  connection: Connection,
  target: string,
  marks: Marks,
  rows: readonly (readonly StatementValue[])[],
  ending = '',
): Promise<void> {
  const row = `(${marks.join(', ')})`;
  if (isSqlite(connection)) {
    const statement = `INSERT INTO ${target} VALUES ${row} ${ending}`;
    for (const values of rows) await execute(connection, statement, values);
    return;
  }
  // They do not wait for each other, and the statement stays prepared.
  const statement = `INSERT INTO ${target} VALUES ${row} ${ending}`;
  await Promise.all(rows.map((values) => execute(connection, statement, values)));
}

/** Marks for so many columns of plain types. */
export function plainMarks(count: number): Marks {
  return Array.from({ length: count }, () => '?');
}

/**
 * How a column is compared with numbers: as one value, so that the statement is the same for any number of them, and is
 * kept prepared.
 * @returns what stands behind the column, and its value
 */
export function oneOf(
  connection: Connection,
  numbers: Iterable<number>,
): readonly [is: string, value: string] {
  const list = [...numbers].filter(Number.isSafeInteger);
  return isSqlite(connection)
    ? ['IN (SELECT value FROM json_each(?))', JSON.stringify(list)]
    : ['= ANY (CAST(? AS bigint[]))', `{${list.join(',')}}`];
}

/** Reserves keys for new rows, ascending. */
export async function reserveIds(
  connection: Connection,
  table: 'archive_message' | 'archive_thread',
  count: number,
): Promise<number[]> {
  if (count === 0) return [];
  if (isSqlite(connection)) {
    const rows = await query<{ value: number }>(
      connection,
      'UPDATE archive_counter SET value = value + ? WHERE name = ? RETURNING value',
      [count, table],
    );
    const last = rows[0]?.value ?? count;
    return Array.from({ length: count }, (_, index) => last - count + 1 + index);
  }
  const rows = await query<{ id: Big }>(
    connection,
    `SELECT nextval('${table}_ids') AS id FROM generate_series(1, ?)`,
    [count],
  );
  return rows.map(({ id }) => Number(id)).sort((a, b) => a - b);
}
