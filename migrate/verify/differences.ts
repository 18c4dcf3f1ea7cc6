import { type PickleValue, PyBytes, PyDict, PyFloat, PyInstance, PyTuple } from '../pickle/values.ts';

/** Two values that should be the same. */
export interface ValueDifference {
  /** Such as `usernames[anna@example.com]`. */
  readonly path: string;
  /** For people; undefined where there is none. */
  readonly source: string | undefined;
  readonly here: string | undefined;
}

const DEEPEST = 50;
const LONGEST_SHOWN = 80;

/** Where two Python values differ, in value or type. */
export function* valueDifferences(
  source: PickleValue | undefined,
  here: PickleValue | undefined,
  path: string,
  depth = 0,
): Generator<ValueDifference> {
  if (depth > DEEPEST) return;
  if (source instanceof PyDict && here instanceof PyDict) {
    for (const key of new Map([...source, ...here].map(([each]) => [keyText(each), each])).values())
      yield* valueDifferences(source.get(key), here.get(key), step(path, key), depth + 1);
    return;
  }
  if (source instanceof PyInstance && here instanceof PyInstance) {
    yield* valueDifferences(source.state, here.state, path, depth + 1);
    return;
  }
  const items = itemsOf(source);
  const others = itemsOf(here);
  const isSameKind = source instanceof PyTuple === here instanceof PyTuple;
  if (items && others && isSameKind && items.length === others.length) {
    for (const [index, item] of items.entries())
      yield* valueDifferences(item, others[index], `${path}[${index}]`, depth + 1);
    return;
  }
  if (show(source) !== show(here)) yield { path, source: shorten(show(source)), here: shorten(show(here)) };
}

function itemsOf(value: PickleValue | undefined): readonly PickleValue[] | undefined {
  return value instanceof PyTuple ? value.items : Array.isArray(value) ? value : undefined;
}

function step(path: string, key: PickleValue): string {
  return path === '' ? keyText(key) : `${path}[${keyText(key)}]`;
}

function keyText(key: PickleValue): string {
  return key instanceof PyBytes ? key.latin1 : typeof key === 'string' ? key : (show(key) ?? '');
}

/** A value with its type. */
function show(value: PickleValue | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (value instanceof PyBytes) return JSON.stringify(value.latin1);
  if (typeof value === 'string') return `u${JSON.stringify(value)}`;
  if (value instanceof PyFloat) return `${value.value}${Number.isInteger(value.value) ? '.0' : ''}`;
  if (value instanceof PyTuple) return `(${value.items.map(show).join(', ')})`;
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  if (value instanceof PyDict)
    return `{${[...value].map(([key, item]) => `${show(key)}: ${show(item)}`).join(', ')}}`;
  if (value instanceof PyInstance) return value.cls.fullName;
  return String(value);
}

function shorten(text: string | undefined): string | undefined {
  return text !== undefined && text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN - 3)}...` : text;
}
