import { encode } from '../../src/message/charset.ts';
import type { Verbatim } from '../../src/model/verbatim.ts';
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
} from '../pickle/values.ts';

/** The value of Mailman 2.1 that `legacy_settings` keeps (see Verbatim). @param charset of the list's texts */
export function fromVerbatim(value: Verbatim, charset: string): PickleValue {
  const each = (items: readonly Verbatim[]): PickleValue[] =>
    items.map((item) => fromVerbatim(item, charset));
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value === 'string') return PyBytes.from(encode(value, charset) ?? Buffer.from(value));
  if (Array.isArray(value)) return each(value as readonly Verbatim[]);
  const record = value as { readonly [key: string]: Verbatim };
  const [mark = '', content = null] = Object.entries(record)[0] ?? [];
  const items = Array.isArray(content) ? (content as readonly Verbatim[]) : [];
  switch (mark) {
    case '$unicode':
      return String(content);
    case '$bytes':
      return PyBytes.from(Buffer.from(String(content), 'base64'));
    case '$bytearray':
      return new PyByteArray(Buffer.from(String(content), 'base64').toString('latin1'));
    case '$long':
      return BigInt(String(content));
    case '$float':
      return new PyFloat(Number(content));
    case '$tuple':
      return new PyTuple(each(items));
    case '$set':
    case '$frozenset':
      return new PySet(each(items), mark === '$frozenset');
    case '$dict':
      return dictionary(items, charset);
    case '$global':
      return globalNamed(String(content));
    default:
      return instance(record, charset);
  }
}

function dictionary(items: readonly Verbatim[], charset: string): PyDict {
  const dict = new PyDict();
  for (const entry of items) {
    const [key = null, value = null] = Array.isArray(entry) ? (entry as readonly Verbatim[]) : [];
    dict.set(fromVerbatim(key, charset), fromVerbatim(value, charset));
  }
  return dict;
}

function instance(record: { readonly [key: string]: Verbatim }, charset: string): PyInstance {
  const part = (name: string): PickleValue | undefined =>
    record[name] === undefined ? undefined : fromVerbatim(record[name], charset);
  const args = part('$args');
  const kwargs = part('$kwargs');
  const making = record.$making;
  const made = new PyInstance(
    globalNamed(String(record.$class)),
    making === 'new' || making === 'call' || making === 'reconstructor' ? making : 'old-style',
    Array.isArray(args) ? args : [],
    kwargs instanceof PyDict ? kwargs : undefined,
  );
  const items = part('$items');
  const entries = part('$entries');
  made.state = part('$state');
  if (Array.isArray(items)) made.listItems = items;
  if (entries instanceof PyDict) made.dictItems = entries;
  return made;
}

function globalNamed(fullName: string): PyGlobal {
  const dot = fullName.lastIndexOf('.');
  return new PyGlobal(fullName.slice(0, Math.max(0, dot)), fullName.slice(dot + 1));
}
