import { jsonLine } from './printable.ts';

/**
 * An object as JSON with one line for each item of its arrays and each field of its objects, so that long ones can be
 * compared line by line. Arrays may come as asynchronous iterables, of which one item is in memory at a time.
 */
export async function* documentLines(document: object): AsyncGenerator<string> {
  yield '{';
  const fields = Object.entries(document);
  for (const [index, [name, value]] of fields.entries()) {
    const comma = index === fields.length - 1 ? '' : ',';
    yield* fieldLines(`${jsonLine(name)}: `, value, comma);
  }
  yield '}';
}

async function* fieldLines(key: string, value: unknown, comma: string): AsyncGenerator<string> {
  if (Array.isArray(value) || isAsyncIterable(value)) {
    yield* enclosed(`${key}[`, itemLines(value), `]${comma}`);
  } else if (typeof value === 'object' && value !== null) {
    yield* enclosed(`${key}{`, entryLines(value), `}${comma}`);
  } else yield `${key}${jsonLine(value)}${comma}`;
}

async function* itemLines(items: Iterable<unknown> | AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const item of items) yield jsonLine(item);
}

function* entryLines(value: object): Generator<string> {
  for (const [name, item] of Object.entries(value)) {
    // JSON has no word for undefined.
    if (item !== undefined) yield `${jsonLine(name)}: ${jsonLine(item)}`;
  }
}

/** The lines between brackets, with a comma behind all but the last; all on one line where there are none. */
async function* enclosed(
  open: string,
  lines: Iterable<string> | AsyncIterable<string>,
  close: string,
): AsyncGenerator<string> {
  let last: string | undefined;
  for await (const line of lines) {
    yield last === undefined ? open : `  ${last},`;
    last = line;
  }
  if (last === undefined) {
    yield open + close;
    return;
  }
  yield `  ${last}`;
  yield close;
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
