import {
  type PickleValue,
  PyByteArray,
  PyBytes,
  PyDict,
  PyFloat,
  PyGlobal,
  type PyInstance,
  PySet,
  PyTuple,
} from '../../migrate/pickle/values.ts';

const WIDTH = 80;
const INDENT = 4;

/** A value as Python 2's pprint shows it with an indentation of four: on one line if that fits. */
export function prettyPrint(value: PickleValue): string[] {
  return block(value, 0).split('\n');
}

function block(value: PickleValue, column: number): string {
  const short = pythonRepr(value);
  if (short.length < WIDTH - column) return short;
  const inner = column + INDENT;
  const gap = `,\n${' '.repeat(inner)}`;
  const pad = ' '.repeat(INDENT - 1);
  if (value instanceof PyDict) {
    const entries = [...value]
      .map(([key, item]): [string, PickleValue] => [pythonRepr(key), item])
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, item]) => `${key}: ${block(item, inner + key.length + 2)}`);
    return `{${pad}${entries.join(gap)}}`;
  }
  if (Array.isArray(value)) return `[${pad}${value.map((item) => block(item, inner)).join(gap)}]`;
  if (value instanceof PyTuple) return `(${pad}${value.items.map((item) => block(item, inner)).join(gap)})`;
  return short;
}

/** A value as Python 2 writes it in a program. Instances show their class and what they hold. */
export function pythonRepr(value: PickleValue): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'bigint') return `${value}L`;
  if (typeof value === 'string') return `u${quoted(value)}`;
  if (value instanceof PyFloat) return floatRepr(value.value);
  if (value instanceof PyBytes) return quoted(value.latin1);
  if (value instanceof PyByteArray) return `bytearray(b${quoted(value.latin1)})`;
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(', ')}]`;
  if (value instanceof PyTuple) {
    const items = value.items.map(pythonRepr);
    return items.length === 1 ? `(${items[0]},)` : `(${items.join(', ')})`;
  }
  if (value instanceof PyDict)
    return `{${[...value].map(([key, item]) => `${pythonRepr(key)}: ${pythonRepr(item)}`).join(', ')}}`;
  if (value instanceof PySet)
    return `${value.frozen ? 'frozenset' : 'set'}([${[...value].map(pythonRepr).join(', ')}])`;
  if (value instanceof PyGlobal) return `<${value.fullName}>`;
  return instanceRepr(value);
}

function instanceRepr(value: PyInstance): string {
  const state = value.state === undefined ? '' : ` ${pythonRepr(value.state)}`;
  return `<${value.cls.fullName}${state}>`;
}

function floatRepr(number: number): string {
  if (Number.isNaN(number)) return 'nan';
  if (!Number.isFinite(number)) return number > 0 ? 'inf' : '-inf';
  return Number.isInteger(number) && Math.abs(number) < 1e16 ? `${number}.0` : String(number);
}

/** A text in quotes, with escapes for all that is not printable ASCII. */
export function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let out = quote;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (character === '\\' || character === quote) out += `\\${character}`;
    else if (character === '\n') out += '\\n';
    else if (character === '\r') out += '\\r';
    else if (character === '\t') out += '\\t';
    else if (code >= 0x20 && code < 0x7f) out += character;
    else if (code <= 0xff) out += `\\x${code.toString(16).padStart(2, '0')}`;
    else if (code <= 0xffff) out += `\\u${code.toString(16).padStart(4, '0')}`;
    else out += `\\U${code.toString(16).padStart(8, '0')}`;
  }
  return out + quote;
}
