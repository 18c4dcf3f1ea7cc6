import type { Config } from '../config/index.ts';
import { parseBool } from '../config/values.ts';
import { isValidAddress } from '../model/email-address.ts';
import { tryCompilePattern } from '../model/pattern.ts';
import { pythonText, reprText } from './python-repr.ts';
import { Float } from './values.ts';

/** A part of JSON Schema, for the description of the API. */
export type Schema = Readonly<Record<string, unknown>>;

/** Makes a value of what a client sent. */
export interface Converter<T> {
  readonly schema: Schema;
  /** @throws ConversionError, UnknownNameError */
  readonly convert: (value: unknown, config: Config) => T;
}

/** A value cannot be read; the message stands behind the name of the parameter. */
export class ConversionError extends Error {
  override name = 'ConversionError';
}

/** A name is looked up in vain: Mailman then calls the parameter itself unexpected. */
export class UnknownNameError extends Error {
  override name = 'UnknownNameError';
}

const TEXT: Schema = { type: 'string' };

/** Python's `str()` of anything: null is `None`. */
export const text: Converter<string> = { schema: TEXT, convert: pythonText };

/** Any value, which is not looked at. */
export const anything: Converter<unknown> = { schema: {}, convert: (value) => value };

export const bool: Converter<boolean> = {
  schema: { type: 'boolean' },
  convert: (value) => {
    if (typeof value === 'boolean') return value;
    const written = pythonText(value);
    try {
      if (typeof value === 'string') return parseBool(written);
    } catch {
      // The reason is Mailman's.
    }
    throw new ConversionError(`Invalid boolean value: ${written}`);
  },
};

/** A whole number, as Python's `int()` reads it. */
export const integer: Converter<number> = { schema: { type: 'integer' }, convert: toInteger };

export const count: Converter<number> = {
  schema: { type: 'integer', minimum: 0 },
  convert: (value) => {
    const number = toInteger(value);
    if (number < 0) throw new ConversionError(`Expected a non-negative integer: ${number}`);
    return number;
  },
};

/** Reads a whole number as Python's `int()` does. @throws ConversionError */
export function toInteger(value: unknown): number {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Float && Number.isSafeInteger(Math.trunc(value.value))) return Math.trunc(value.value);
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'string') {
    const trimmed = value.trim();
    const number = /^[+-]?\d+(?:_\d+)*$/.test(trimmed) ? Number(trimmed.replaceAll('_', '')) : Number.NaN;
    if (Number.isSafeInteger(number)) return number;
    throw new ConversionError(`invalid literal for int() with base 10: ${reprText(value)}`);
  }
  throw new ConversionError(`invalid literal for int() with base 10: ${reprText(pythonText(value))}`);
}

const FLOAT = /^[+-]?(?:\d+(?:_\d+)*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** A number, as Python's `float()` reads it. */
export const real: Converter<number> = {
  schema: { type: 'number' },
  convert: (value) => {
    if (typeof value === 'boolean') return value ? 1 : 0;
    const written = pythonText(value).trim();
    const number = FLOAT.test(written) ? Number(written.replaceAll('_', '')) : Number.NaN;
    if (Number.isFinite(number)) return number;
    throw new ConversionError(`could not convert string to float: ${reprText(pythonText(value))}`);
  },
};

const DURATION =
  /^(?:(\d{1,6})w)?(?:(\d{1,7})d)?(?:(\d{1,8})h)?(?:(\d{1,9})m)?(?:(\d{1,10})(?:\.(\d{1,9}))?s)?$/;
const UNITS = [604_800, 86_400, 3_600, 60, 1] as const;

/** A period in seconds; takes what the API shows, `7d` and `1d7200.0s`. */
export const duration: Converter<number> = {
  schema: { type: 'string', pattern: '^(\\d+w)?(\\d+d)?(\\d+h)?(\\d+m)?(\\d+(\\.\\d+)?s)?$' },
  convert: (value) => {
    if (typeof value === 'number' || typeof value === 'bigint' || value instanceof Float)
      throw new ConversionError(
        `expected string or bytes-like object, got '${value instanceof Float ? 'float' : 'int'}'`,
      );
    const written = pythonText(value);
    const match = written === '' ? null : DURATION.exec(written);
    if (!match) throw new ConversionError('');
    return UNITS.reduce((sum, unit, index) => sum + unit * Number(match[index + 1] ?? 0), 0);
  },
};

/** A text without line breaks. */
export const singleLine: Converter<string> = {
  schema: TEXT,
  convert: (value) => {
    const written = pythonText(value);
    if (/[\r\n]/.test(written)) throw new ConversionError(`This value must be a single line: ${written}`);
    return written;
  },
};

/** One of a closed set of names. */
export function oneOf<const N extends readonly string[]>(names: N): Converter<N[number]> {
  return {
    schema: { type: 'string', enum: names },
    convert: (value) => {
      const found = names.find((name) => name === value);
      if (found === undefined) throw new ConversionError(`Accepted Values are: ${names.join(', ')}`);
      return found;
    },
  };
}

/** The same, where an empty text means none of them. */
export function oneOfOrBlank<const N extends readonly string[]>(names: N): Converter<N[number] | null> {
  const { convert } = oneOf(names);
  return {
    schema: { type: ['string', 'null'], enum: [...names, '', null] },
    convert: (value, config) => (value === '' || value === null ? null : convert(value, config)),
  };
}

/** A list of texts; a single one is a list of one, an empty text an empty list. */
export const texts: Converter<readonly string[]> = {
  schema: { type: 'array', items: TEXT },
  convert: (value) => {
    if (value === '') return [];
    const items = Array.isArray(value) ? value : [value];
    return items.map((item) => {
      if (typeof item !== 'string') throw new ConversionError(`Expected str, got ${pythonText(item)}`);
      return item;
    });
  },
};

/** A list of addresses, or of regular expressions that begin with `^`. */
export const addressesOrPatterns: Converter<readonly string[]> = {
  schema: { type: 'array', items: TEXT },
  convert: (value, config) => {
    const items = texts.convert(value, config);
    for (const item of items) {
      if (!isAddressOrPattern(item))
        throw new ConversionError(
          `Expected a valid email address or regular expression, got ${item === '' ? 'empty' : item}`,
        );
    }
    return items;
  },
};

/** Entries may also name another list whose members are meant: `@list`, `@list@domain`. */
function isAddressOrPattern(item: string): boolean {
  if (item.startsWith('^')) return tryCompilePattern(item) !== undefined;
  if (item.startsWith('@')) {
    const name = item.slice(1);
    return isValidAddress(name.includes('@') ? name : `${name}@example.com`);
  }
  return isValidAddress(item);
}

export const email: Converter<string> = {
  schema: { type: 'string', format: 'email' },
  convert: (value) => {
    const written = pythonText(value);
    if (!isValidAddress(written)) throw new ConversionError(`Expected a valid email address, got ${written}`);
    return written;
  },
};

/** An address, or a regular expression that begins with `^`. */
export const addressOrPattern: Converter<string> = {
  schema: TEXT,
  convert: (value, config) => addressesOrPatterns.convert([pythonText(value)], config)[0] ?? '',
};

/** A regular expression as Python has them. */
export const regexp: Converter<string> = {
  schema: { type: 'string', format: 'regex' },
  convert: (value) => {
    const written = pythonText(value);
    if (!tryCompilePattern(written)) throw new ConversionError(`Expected a valid regexp, got ${written}`);
    return written;
  },
};

/** The code of a language that is enabled. */
export const language: Converter<string> = {
  schema: TEXT,
  convert: (value, { languages }) => {
    const code = pythonText(value);
    if (!languages.get(code)?.enabled) throw new UnknownNameError(code);
    return code;
  },
};
