import type { Page, PageRequest } from './types.ts';

const MAX_LIMIT = 500;

/** How many things a page may have. */
export function pageLimit({ limit }: PageRequest): number {
  return Math.max(1, Math.min(MAX_LIMIT, Math.trunc(limit) || 1));
}

/** The numbers in an `after` of this store; undefined where there is none, or what somebody else has made. */
export function cursorNumbers<const N extends number>(
  after: string | undefined,
  count: N,
): number[] | undefined {
  if (after === undefined || !/^-?\d{1,15}(?:_-?\d{1,15}){0,3}$/.test(after)) return undefined;
  const numbers = after.split('_').map(Number);
  return numbers.length === count ? numbers : undefined;
}

/**
 * A page of rows of which one more than wanted was asked for.
 * @param cursor what tells where a row stands in their order
 */
export function pageOf<T>(rows: readonly T[], limit: number, cursor: (row: T) => readonly number[]): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? cursor(last).join('_') : undefined };
}
