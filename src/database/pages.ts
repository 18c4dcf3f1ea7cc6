import type { Knex } from 'knex';

/** Which of the rows of a query are wanted; all of them where no count is given. */
export interface Page {
  readonly start: number;
  readonly count: number | undefined;
}

/** Rows, and how many there are on all pages together. */
export interface Paged<T> {
  readonly total: number;
  readonly rows: readonly T[];
}

/** More rows than any table has: what a database takes as offset and limit ends somewhere. */
const MOST_ROWS = 2 ** 31 - 1;

/**
 * One page of a query, and the number of all its rows.
 * @param rows the query, with its order
 * @param total the same without order and columns, to count them
 */
export async function pageOfQuery<T>(
  rows: Knex.QueryBuilder,
  page: Page,
  total: Knex.QueryBuilder,
): Promise<Paged<T>> {
  const { start, count } = page;
  if (count === undefined && start === 0) {
    const found = (await rows) as T[];
    return { total: found.length, rows: found };
  }
  const all = Number((await total.count({ total: '*' }).first<{ total: number | string }>()).total);
  if (count === 0 || start >= Math.min(all, MOST_ROWS)) return { total: all, rows: [] };
  if (count !== undefined) rows.limit(Math.min(count, MOST_ROWS)).offset(start);
  return { total: all, rows: (await rows) as T[] };
}
