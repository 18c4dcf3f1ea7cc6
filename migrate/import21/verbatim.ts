import type { Verbatim } from '../../src/model/verbatim.ts';
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
} from '../pickle/values.ts';
import type { TextDecoding } from './charset.ts';

/** A value of Mailman 2.1 in the form that `legacy_settings` keeps (see Verbatim). */
export function toVerbatim(value: PickleValue, texts: TextDecoding): Verbatim {
  const each = (items: Iterable<PickleValue>): Verbatim[] =>
    [...items].map((item) => toVerbatim(item, texts));
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value === 'bigint') return { $long: String(value) };
  if (typeof value === 'string') return { $unicode: value };
  if (value instanceof PyFloat) return { $float: String(value.value) };
  if (value instanceof PyBytes) return texts.strict(value) ?? { $bytes: value.toBuffer().toString('base64') };
  if (value instanceof PyByteArray)
    return { $bytearray: Buffer.from(value.latin1, 'latin1').toString('base64') };
  if (Array.isArray(value)) return each(value);
  if (value instanceof PyTuple) return { $tuple: each(value) };
  if (value instanceof PySet) return value.frozen ? { $frozenset: each(value) } : { $set: each(value) };
  if (value instanceof PyDict) return { $dict: [...value].map((entry) => each(entry)) };
  if (value instanceof PyGlobal) return { $global: value.fullName };
  return instanceToVerbatim(value, texts);
}

function instanceToVerbatim(value: PyInstance, texts: TextDecoding): Verbatim {
  const parts = {
    $kwargs: value.kwargs,
    $items: value.listItems,
    $entries: value.dictItems,
    $state: value.state,
  };
  return {
    $class: value.cls.fullName,
    $making: value.making,
    $args: value.args.map((arg) => toVerbatim(arg, texts)),
    ...Object.fromEntries(
      Object.entries(parts)
        .filter((entry): entry is [string, PickleValue] => entry[1] !== undefined)
        .map(([name, part]) => [name, toVerbatim(part, texts)]),
    ),
  };
}
