import { type RestValue, Typed } from './values.ts';

/** Columns of a line of Python's `pprint`. */
const WIDTH = 80;

const PRINTABLE = /^[^\p{C}\p{Z}]$|^ $/u;
/** What is written as it is needs no second look: a message may have millions of characters. */
const PLAIN = /^[ !#-&(-[\]-~]*$/;
const NOT_PLAIN = /[^ !#-&(-[\]-~\p{L}]/gu;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A text as Python's `repr` writes it. */
export function reprText(text: string): string {
  if (PLAIN.test(text)) return `'${text}'`;
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const written = text.replace(NOT_PLAIN, (character) => {
    if (character === quote) return `\\${quote}`;
    return ESCAPES[character] ?? (PRINTABLE.test(character) ? character : hexEscape(character));
  });
  return quote + written + quote;
}

function hexEscape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

/** A value as Python's `repr` writes it, dictionaries sorted by their keys. */
function reprValue(value: RestValue | undefined): string {
  if (typeof value === 'string') return reprText(value);
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (value instanceof Typed) return value.repr;
  if (isList(value)) return `[${value.map(reprValue).join(', ')}]`;
  const items = sortedKeys(value).map((key) => `${reprText(key)}: ${reprValue(value[key])}`);
  return `{${items.join(', ')}}`;
}

/** What Python's `str` makes of a value that came as JSON. */
export function pythonText(value: unknown): string {
  return typeof value === 'string' ? value : reprValue(value as RestValue);
}

/** What Python's `pprint.pformat` makes of a value, in lines of 80 columns. */
export function prettyPrint(value: RestValue): string {
  return format(value, 0, 0);
}

function format(value: RestValue | undefined, indent: number, allowance: number): string {
  if (typeof value === 'string') return formatText(value, indent, allowance);
  if (value === null || typeof value !== 'object' || value instanceof Typed) return reprValue(value);
  return isList(value) ? formatList(value, indent, allowance) : formatDict(value, indent, allowance);
}

/** Whether a text of this length fits into the rest of a line. */
function fits(length: number, indent: number, allowance: number): boolean {
  return length <= WIDTH - indent - allowance;
}

function formatDict(value: { readonly [key: string]: RestValue }, indent: number, allowance: number): string {
  const { keys, names, width } = keysOf(value);
  const flat = keys.map((key) => flatUnlessLong(value[key]));
  let length = width;
  for (const text of flat) length += text?.length ?? WIDTH;
  if (fits(length + 2 * Math.max(1, keys.length), indent, allowance))
    return `{${flat.map((text = '', index) => names[index] + text).join(', ')}}`;
  const last = keys.length - 1;
  const items = keys.map((key, index) => {
    const [name = '', text] = [names[index], flat[index]];
    const [column, after] = [indent + 1 + name.length, index === last ? allowance + 1 : 1];
    return text !== undefined && fits(text.length, column, after)
      ? name + text
      : name + format(value[key], column, after);
  });
  return `{${items.join(`,\n${' '.repeat(indent + 1)}`)}}`;
}

/** A long text fits nowhere, and is not worth writing twice. */
function flatUnlessLong(value: RestValue | undefined): string | undefined {
  return typeof value === 'string' && value.length > WIDTH ? undefined : reprValue(value);
}

function formatList(value: readonly RestValue[], indent: number, allowance: number): string {
  const flat = reprValue(value);
  if (fits(flat.length, indent, allowance)) return flat;
  const last = value.length - 1;
  const items = value.map((item, index) => format(item, indent + 1, index === last ? allowance + 1 : 1));
  return `[${items.join(`,\n${' '.repeat(indent + 1)}`)}]`;
}

/** A long text becomes several, broken behind line ends and blanks. */
function formatText(text: string, indent: number, allowance: number): string {
  const flat = flatUnlessLong(text);
  if (flat !== undefined && fits(flat.length, indent, allowance)) return flat;
  if (!/\s/.test(text)) return flat ?? reprText(text);
  const most = WIDTH - indent;
  const lines = text.match(/[^\n\r]*(?:\r\n|[\n\r])|[^\n\r]+$/g) ?? [];
  const chunks = lines.flatMap((line, index) => {
    const isLast = index === lines.length - 1;
    const whole = reprText(line);
    if (whole.length <= most - (isLast ? allowance : 0)) return [whole];
    return wordChunks(line, most, isLast ? allowance : 0);
  });
  return chunks.length === 1 ? reprText(lines.at(-1) ?? text) : chunks.join(`\n${' '.repeat(indent)}`);
}

function wordChunks(line: string, most: number, allowance: number): string[] {
  const parts = line.match(/\S+\s*|\s+/g) ?? [];
  const chunks: string[] = [];
  let current = '';
  for (const [index, part] of parts.entries()) {
    const room = most - (index === parts.length - 1 ? allowance : 0);
    const candidate = current + part;
    if (reprText(candidate).length <= room) current = candidate;
    else {
      if (current !== '') chunks.push(reprText(current));
      current = part;
    }
  }
  return current === '' ? chunks : [...chunks, reprText(current)];
}

/** The keys of a dictionary in their order, as they are written. */
interface Keys {
  /** As they came. */
  readonly given: readonly string[];
  readonly keys: readonly string[];
  /** `'key': ` */
  readonly names: readonly string[];
  readonly width: number;
}

/** Kinds of objects that are remembered, and keys of the largest of them. */
const MOST_KNOWN = 500;
const MOST_KEYS = 150;

const knownKeys = new Map<string, Keys>();

/** Few kinds of objects come again and again. */
function keysOf(value: object): Keys {
  const given = Object.keys(value);
  if (given.length > MOST_KEYS) return writtenKeys(given);
  const kind = given.join('\n');
  const known = knownKeys.get(kind);
  if (known && given.every((key, index) => known.given[index] === key)) return known;
  const found = writtenKeys(given);
  if (knownKeys.size < MOST_KNOWN) knownKeys.set(kind, found);
  return found;
}

function writtenKeys(given: readonly string[]): Keys {
  const keys = given.toSorted();
  const names = keys.map((key) => `${reprText(key)}: `);
  return { given, keys, names, width: names.reduce((sum, name) => sum + name.length, 0) };
}

function isList(value: object): value is readonly RestValue[] {
  return Array.isArray(value);
}

function sortedKeys(value: object): string[] {
  return Object.keys(value).sort();
}
