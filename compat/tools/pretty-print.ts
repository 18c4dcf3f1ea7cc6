import {
  numberOf,
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
  return block(value, 0, 0).split('\n');
}

/** @param allowance columns that closing brackets take behind it */
function block(value: PickleValue, column: number, allowance: number): string {
  const short = pythonRepr(value);
  const isLong = short.length > WIDTH - 1 - column - allowance;
  const inner = column + INDENT;
  const gap = isLong ? `,\n${' '.repeat(inner)}` : ', ';
  const pad = ' '.repeat(INDENT - 1);
  const listed = (items: readonly PickleValue[]): string =>
    (isLong ? pad : '') + items.map((item) => block(item, inner, allowance + 1)).join(gap);
  if (value instanceof PyDict) {
    const entries = [...value]
      .sort(([one], [other]) => comparePython2(one, other))
      .map(([key, item]) => {
        const name = pythonRepr(key);
        return `${name}: ${block(item, inner + name.length + 2, allowance + 1)}`;
      });
    // Unlike lists, with the room of the indentation also where all is on one line.
    return `{${pad}${entries.join(gap)}}`;
  }
  if (Array.isArray(value)) return `[${listed(value)}]`;
  if (value instanceof PyTuple) return `(${listed(value.items)}${value.items.length === 1 ? ',' : ''})`;
  return short;
}

/** Python 2 compares also what is not alike: nothing, then numbers, then by the names of types; texts by what they say. */
function comparePython2(one: PickleValue, other: PickleValue): number {
  const [rank, key] = rankOf(one);
  const [otherRank, otherKey] = rankOf(other);
  if (rank !== otherRank) return rank < otherRank ? -1 : 1;
  return key < otherKey ? -1 : key > otherKey ? 1 : 0;
}

function rankOf(value: PickleValue): readonly [string, string | number] {
  const number = numberOf(value);
  if (value === null) return ['', 0];
  if (number !== undefined) return [' ', number];
  if (typeof value === 'string') return ['str', value];
  if (value instanceof PyBytes) return ['str', value.latin1];
  return [value instanceof PyTuple ? 'tuple' : 'instance', pythonRepr(value)];
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
  const [digits = '', power] = number.toExponential().split('e');
  const exponent = Number(power);
  if (number === 0 || (exponent >= -4 && exponent < 16)) {
    const plain = Number.isInteger(number) ? `${number}.0` : String(number);
    return Object.is(number, -0) ? `-${plain}` : plain;
  }
  return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** A text in quotes, with escapes for all that is not printable ASCII. */
function quoted(text: string): string {
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
