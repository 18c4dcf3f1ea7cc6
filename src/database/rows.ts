import type { DeliveryMode, DeliveryStatus } from '../model/enums.ts';
import type { Preferences } from '../model/preferences.ts';
import { cleanText } from '../model/text.ts';
import type { Connection } from './handle.ts';
import { execute } from './statement.ts';

/** Truth as all three databases store it. */
export type Flag = 0 | 1;

export type Row = Readonly<Record<string, string | number | null>>;

/** The preference columns of users, addresses and members. */
export interface PreferenceRow {
  readonly acknowledge_posts: Flag | null;
  readonly hide_address: Flag | null;
  readonly receive_list_copy: Flag | null;
  readonly receive_own_postings: Flag | null;
  readonly preferred_language: string | null;
  readonly delivery_mode: DeliveryMode | null;
  readonly delivery_status: DeliveryStatus | null;
}

/** Rows per INSERT: PostgreSQL takes 65,535 parameters, MariaDB a statement of `max_allowed_packet` bytes. */
const INSERT_BATCH = 1500;
const SQLITE_INSERT_BATCH = 5000;

/** Values per IN list. */
const IN_BATCH = 5000;

/** How all three databases store a truth value. */
export function flag(value: boolean): Flag;
export function flag(value: boolean | null): Flag | null;
export function flag(value: boolean | null): Flag | null {
  return value === null ? null : value ? 1 : 0;
}

/** A truth value as it was stored. */
export function truth(value: Flag | null): boolean | null {
  return value === null ? null : value === 1;
}

/** Preferences as the columns of their owner's row. */
export function preferencesToRow(preferences: Preferences): PreferenceRow {
  return {
    ...preferences,
    acknowledge_posts: flag(preferences.acknowledge_posts),
    hide_address: flag(preferences.hide_address),
    receive_list_copy: flag(preferences.receive_list_copy),
    receive_own_postings: flag(preferences.receive_own_postings),
  };
}

/** Preferences out of the columns of their owner's row. */
export function preferencesFromRow(row: PreferenceRow): Preferences {
  return {
    acknowledge_posts: truth(row.acknowledge_posts),
    hide_address: truth(row.hide_address),
    receive_list_copy: truth(row.receive_list_copy),
    receive_own_postings: truth(row.receive_own_postings),
    preferred_language: row.preferred_language,
    delivery_mode: row.delivery_mode,
    delivery_status: row.delivery_status,
  };
}

/** Inserts many rows that have the same columns. */
export async function insertRows(connection: Connection, table: string, rows: readonly Row[]): Promise<void> {
  const [first] = rows;
  if (!first) return;
  if (connection.client.dialect === 'sqlite3')
    return insertIntoSqlite(connection, table, Object.keys(first), rows, '');
  for (const batch of batches(rows, INSERT_BATCH)) await connection(table).insert(batch);
}

/** The same, leaving out rows that a unique constraint refuses. */
export async function insertMissingRows(
  connection: Connection,
  table: string,
  rows: readonly Row[],
): Promise<void> {
  const [first] = rows;
  if (!first) return;
  if (connection.client.dialect === 'sqlite3')
    return insertIntoSqlite(
      connection,
      table,
      Object.keys(first),
      rows,
      ' WHERE true ON CONFLICT DO NOTHING',
    );
  for (const batch of batches(rows, INSERT_BATCH)) {
    await connection(table).insert(batch).onConflict().ignore();
  }
}

/** Runs `select` for each part of a long list of values and gives all rows found. */
export async function selectIn<T>(
  values: readonly string[],
  select: (batch: readonly string[]) => PromiseLike<readonly T[]>,
): Promise<T[]> {
  const found: T[] = [];
  for (const batch of batches(values, IN_BATCH)) {
    for (const row of await select(batch)) found.push(row);
  }
  return found;
}

/** The parts of a list, each at most `size` long. */
export function* batches<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

/** One parameter holds the whole batch as JSON, which is several times faster than a parameter for each value. */
async function insertIntoSqlite(
  connection: Connection,
  table: string,
  columns: readonly string[],
  rows: readonly Row[],
  conflict: string,
): Promise<void> {
  const names = columns.map((column) => `"${column}"`).join(', ');
  const values = columns.map((_, index) => `json_extract(value, '$[${index}]')`).join(', ');
  const statement = `INSERT INTO "${table}" (${names}) SELECT ${values} FROM json_each(?)${conflict}`;
  for (const batch of batches(rows, SQLITE_INSERT_BATCH)) {
    const json = JSON.stringify(batch.map((row) => columns.map((column) => cleanValue(row[column]))));
    await execute(connection, statement, [json]);
  }
}

/** Inside of JSON, a text does not pass the place where those of parameters are cleaned. */
function cleanValue(value: string | number | null | undefined): string | number | null {
  return typeof value === 'string' ? cleanText(value) : (value ?? null);
}
