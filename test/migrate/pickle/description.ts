import {
  type PickleValue,
  PyByteArray,
  PyBytes,
  PyDict,
  PyFloat,
  PyGlobal,
  PyInstance,
  PySet,
  PyTuple,
} from '../../../migrate/pickle/values.ts';

/** A value as JSON with all types kept apart, in the words of judge.py. */
export type Description = null | boolean | string | Description[];

/** Describes what our reader gave as judge.py describes what Python read. */
export function describeValue(value: PickleValue, path: readonly object[] = []): Description {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') return ['i', String(value)];
  if (typeof value === 'bigint') return ['L', String(value)];
  if (typeof value === 'string') return ['u', value];
  if (value instanceof PyBytes) return ['b', value.latin1];
  if (value instanceof PyByteArray) return ['a', value.latin1];
  if (value instanceof PyFloat) return ['f', floatHex(value.value)];
  if (value instanceof PyGlobal) return ['g', value.module, value.qualname];
  const seen = path.indexOf(value);
  if (seen >= 0) return ['^', String(path.length - seen)];
  const down = (inner: PickleValue): Description => describeValue(inner, [...path, value]);
  if (Array.isArray(value)) return ['l', ...value.map(down)];
  if (value instanceof PyTuple) return ['t', ...value.items.map(down)];
  if (value instanceof PySet) return [value.frozen ? 'fs' : 's', ...[...value].map(down)];
  if (value instanceof PyDict) return ['d', ...[...value].map(([k, v]) => [down(k), down(v)])];
  return describeInstance(value, down);
}

function describeInstance(value: PyInstance, down: (inner: PickleValue) => Description): Description {
  const { cls, making, args, kwargs, state, listItems, dictItems } = value;
  const entries = (dict: PyDict): Description => ['d', ...[...dict].map(([k, v]) => [down(k), down(v)])];
  return [
    'o',
    cls.module,
    cls.qualname,
    making,
    args.map(down),
    kwargs === undefined ? null : entries(kwargs),
    state === undefined ? ['absent'] : down(state),
    listItems === undefined ? null : ['l', ...listItems.map(down)],
    dictItems === undefined ? null : entries(dictItems),
  ];
}

function floatHex(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes.toString('hex').toUpperCase();
}

/** The reverse of `describeValue`. Equal parts become one object, as in judge.py. */
export function buildValue(description: Description, same = new Map<string, PickleValue>()): PickleValue {
  if (!Array.isArray(description)) return typeof description === 'string' ? null : description;
  const key = JSON.stringify(description);
  const known = same.get(key);
  if (known !== undefined) return known;
  const value = build(description, (inner) => buildValue(inner, same));
  same.set(key, value);
  return value;
}

function build([kind, ...rest]: Description[], down: (inner: Description) => PickleValue): PickleValue {
  const first = String(rest[0]);
  switch (kind) {
    case 'i':
      return Number.isSafeInteger(Number(first)) ? Number(first) : BigInt(first);
    case 'L':
      return BigInt(first);
    case 'f':
      return new PyFloat(first === 'nan' ? Number.NaN : Buffer.from(first, 'hex').readDoubleBE());
    case 'b':
      return new PyBytes(first);
    case 'u':
      return first;
    case 'a':
      return new PyByteArray(first);
    case 'l':
      return rest.map(down);
    case 't':
      return new PyTuple(rest.map(down));
    case 's':
    case 'fs':
      return new PySet(rest.map(down), kind === 'fs');
    case 'd':
      return dictOf(rest, down);
    case 'g':
      return new PyGlobal(first, String(rest[1]));
    default:
      return instanceOf(rest, down);
  }
}

function dictOf(entries: Description[], down: (inner: Description) => PickleValue): PyDict {
  return new PyDict(
    listOf(entries).map((entry) => [down(listOf(entry)[0] ?? null), down(listOf(entry)[1] ?? null)]),
  );
}

function instanceOf(parts: Description[], down: (inner: Description) => PickleValue): PyInstance {
  const [module, qualname, making, args, , state, listItems, dictItems] = parts;
  const cls = down(['g', String(module), String(qualname)]);
  if (!(cls instanceof PyGlobal)) throw new Error('no class');
  const instance = new PyInstance(cls, making as PyInstance['making'], listOf(args ?? []).map(down));
  if (!(Array.isArray(state) && state[0] === 'absent')) instance.state = down(state ?? null);
  if (Array.isArray(listItems)) instance.listItems = listItems.slice(1).map(down);
  if (Array.isArray(dictItems)) instance.dictItems = dictOf(dictItems.slice(1), down);
  return instance;
}

function listOf(description: Description): Description[] {
  return Array.isArray(description) ? description : [];
}

/** What a Python cannot tell us: the order of its dicts, int from long, how an old-style instance was made. */
export interface Blindness {
  order?: boolean;
  longs?: boolean;
  oldStyle?: 'call' | 'new or call';
}

export const PYTHON3_SEES: Blindness = { longs: true, oldStyle: 'new or call' };
export const PYTHON2_SEES: Blindness = { order: true, oldStyle: 'call' };

/** The description without what this Python cannot tell, as a text to compare. Sets are put in order. */
export function seenBy(sees: Blindness, description: Description): string {
  return JSON.stringify(normalise(sees, description));
}

const MODULES_OF_PYTHON3 = new Map([
  ['builtins', '__builtin__'],
  ['copyreg', 'copy_reg'],
]);

function normalise(sees: Blindness, description: Description): Description {
  if (!Array.isArray(description)) return description;
  const [kind, ...rest] = description;
  if (kind === 'L' && sees.longs === true) return ['i', ...rest];
  if (kind === '^') return ['^', String(rest[0])];
  if (kind === 'g' || kind === 'o') {
    rest[0] = MODULES_OF_PYTHON3.get(String(rest[0])) ?? rest[0] ?? null;
    if (rest[2] === 'old-style') {
      const noArguments = Array.isArray(rest[3]) && rest[3].length === 0;
      rest[2] = noArguments && sees.oldStyle === 'new or call' ? 'new' : 'call';
    }
  }
  const parts =
    kind === 'o' ? [...rest.slice(0, 3), ...rest.slice(3).map((part) => inner(sees, part))] : rest;
  const normal = kind === 'o' || isText(kind) ? parts : parts.map((part) => inner(sees, part));
  if (kind === 's' || kind === 'fs' || (kind === 'd' && sees.order === true)) sortByText(normal);
  return [kind ?? null, ...normal];
}

function inner(sees: Blindness, part: Description): Description {
  if (!Array.isArray(part) || typeof part[0] === 'string') return normalise(sees, part);
  return part.map((each) => normalise(sees, each));
}

function isText(kind: Description | undefined): boolean {
  return (
    kind === 'b' ||
    kind === 'u' ||
    kind === 'a' ||
    kind === 'i' ||
    kind === 'L' ||
    kind === 'f' ||
    kind === 'g'
  );
}

function sortByText(parts: Description[]): void {
  const texts = new Map(parts.map((part) => [part, JSON.stringify(part)]));
  parts.sort((a, b) => ((texts.get(a) ?? '') < (texts.get(b) ?? '') ? -1 : 1));
}
