import { jsonLine } from './printable.ts';

/** An object as JSON with one line for each item of its arrays and each field of its objects, so that long ones can be compared line by line. */
export function* documentLines(document: object): Generator<string> {
  yield '{';
  yield* separated(Object.entries(document), ([name, value]) => fieldLines(name, value));
  yield '}';
}

function* fieldLines(name: string, value: unknown): Generator<string> {
  const key = `${jsonLine(name)}: `;
  if (Array.isArray(value) && value.length > 0) {
    yield `${key}[`;
    yield* separated(value, (item) => [`  ${jsonLine(item)}`]);
    yield ']';
  } else if (typeof value === 'object' && value !== null && Object.keys(value).length > 0) {
    yield `${key}{`;
    yield* separated(Object.entries(value).filter(isKept), ([field, item]) => [
      `  ${jsonLine(field)}: ${jsonLine(item)}`,
    ]);
    yield '}';
  } else yield `${key}${jsonLine(value)}`;
}

/** JSON has no word for undefined. */
function isKept([, value]: [string, unknown]): boolean {
  return value !== undefined;
}

/** The lines of each item, with a comma behind all but the last. */
function* separated<T>(items: readonly T[], linesOf: (item: T) => Iterable<string>): Generator<string> {
  for (const [index, item] of items.entries()) {
    const lines = [...linesOf(item)];
    const last = lines.pop();
    yield* lines;
    yield index === items.length - 1 ? `${last}` : `${last},`;
  }
}
