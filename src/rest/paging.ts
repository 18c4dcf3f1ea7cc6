import { setImmediate } from 'node:timers/promises';
import { integer, toInteger } from './converters.ts';
import { invalidParameter, RestError } from './errors.ts';
import { CollectionTag, withCollectionEtag, withEtag } from './etag.ts';
import type { Input } from './input.ts';
import { optional } from './parameters.ts';
import type { Resource } from './values.ts';

/** Which entries of a collection are wanted; all of them where no count is given. */
export interface Page {
  readonly start: number;
  readonly count: number | undefined;
}

/** The parameters of collections whose parameters are checked. */
export const pageParameters = {
  count: optional(integer, 'Entries of a page; goes with page.'),
  page: optional(integer, 'Number of the page, from 1; goes with count.'),
} as const;

/** The page that checked parameters ask for. @throws RestError 400 */
export function pageOf({
  count,
  page,
}: {
  readonly count?: number | undefined;
  readonly page?: number | undefined;
}): Page {
  if (count === undefined && page === undefined) return { start: 0, count: undefined };
  if (count === undefined) throw missing('count');
  if (page === undefined) throw missing('page');
  if (count < 0) throw invalidParameter('count should be a positive integer.', String(count));
  if (page < 1) throw invalidParameter('page should be greater than 0.', String(page));
  const start = (page - 1) * count;
  if (!Number.isSafeInteger(start)) throw invalidParameter('page', 'The value is too large.');
  return { start, count };
}

/** The same where other parameters are not refused. @throws RestError 400 */
export function pageIn(input: Input): Page {
  return pageOf({ count: number(input, 'count'), page: number(input, 'page') });
}

/** Half a page number is a mistake; Mailman answers 500. */
function missing(name: string): RestError {
  return new RestError(400, {
    title: 'Missing parameter',
    description: `The "${name}" parameter is required.`,
  });
}

function number(input: Input, name: string): number | undefined {
  const value = input.get(name);
  if (value === undefined) return undefined;
  try {
    return toInteger(Array.isArray(value) ? value.at(-1) : value);
  } catch {
    throw invalidParameter(name, 'The value must be an integer.');
  }
}

/** The entries of a page. */
export function slice<T>(items: readonly T[], { start, count }: Page): readonly T[] {
  return count === undefined ? items : items.slice(start, start + count);
}

/** A collection: its entries with their tags, which an empty page leaves out. */
export function collection(
  { start }: Page,
  total: number,
  entries: readonly Resource[],
  more: Resource = {},
): Resource {
  return withCollectionEtag({
    start,
    total_size: total,
    ...(entries.length === 0 ? {} : { entries: entries.map(withEtag) }),
    ...more,
  });
}

/** The same as JSON in pieces, for entries that are too large to be in memory together. */
export async function* collectionInPieces(
  { start }: Page,
  total: number,
  entries: AsyncIterable<Resource>,
): AsyncGenerator<Buffer> {
  const rest = { start, total_size: total };
  const tag = new CollectionTag(rest);
  yield Buffer.from(JSON.stringify(rest).slice(0, -1));
  let before = ',"entries":[';
  for await (const entry of entries) {
    tag.add(withEtag(entry));
    yield Buffer.from(before + JSON.stringify(entry));
    before = ',';
    // Where neither the database nor the client makes it wait, nothing else would have its turn until the end.
    await setImmediate();
  }
  yield Buffer.from(`${before === ',' ? ']' : ''},"http_etag":${JSON.stringify(tag.end())}}`);
}
