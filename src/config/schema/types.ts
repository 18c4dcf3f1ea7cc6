import { compilePythonRegExp } from '../regexp.ts';
import { variablesOf } from '../substitute.ts';
import {
  InvalidValueError,
  parseBool,
  parseDuration,
  parseInteger,
  splitCommas,
  splitLines,
  splitWords,
} from '../values.ts';

/** How the text of a value becomes what the program works with; `parse` throws InvalidValueError. */
export interface ValueType<T> {
  /** Its name in the documentation. */
  readonly name: string;
  parse(text: string): T;
}

/** One key of a section: its type, its default as written in a file, and one line of meaning for the documentation. */
export interface KeySpec<T> {
  readonly type: ValueType<T>;
  readonly default: string;
  readonly meaning: string;
}

/** The keys of a section. */
export type SectionSpec = Readonly<Record<string, KeySpec<unknown>>>;

/** What a section holds after reading: for each key, the type its specification yields. */
export type SectionValues<S extends SectionSpec> = {
  readonly [K in keyof S]: S[K] extends KeySpec<infer T> ? T : never;
};

/** Declares a key. */
export function key<T>(type: ValueType<T>, fallback: string, meaning: string): KeySpec<T> {
  return { type, default: fallback, meaning };
}

function matching(name: string, pattern: RegExp, expected: string): ValueType<string> {
  return {
    name,
    parse(value) {
      if (!pattern.test(value)) throw new InvalidValueError(value, expected);
      return value;
    },
  };
}

/** A value that may be left empty. */
export function optional<T>(type: ValueType<T>): ValueType<T | undefined> {
  return { name: `${type.name}, or empty`, parse: (value) => (value === '' ? undefined : type.parse(value)) };
}

/** As `optional`, for texts: empty stays the empty text. */
export function orEmpty(type: ValueType<string>): ValueType<string> {
  return { name: `${type.name}, or empty`, parse: (value) => (value === '' ? '' : type.parse(value)) };
}

export const text: ValueType<string> = { name: 'text', parse: (value) => value };
export const bool: ValueType<boolean> = { name: 'yes or no', parse: parseBool };
export const duration: ValueType<number> = { name: 'period', parse: parseDuration };
export const words: ValueType<readonly string[]> = { name: 'words', parse: splitWords };
export const commaList: ValueType<readonly string[]> = { name: 'comma-separated list', parse: splitCommas };

/** Mailman takes nothing but the word yes as on here, so other words for it would change meaning silently. */
export const exactYes: ValueType<boolean> = {
  name: 'yes or no (these words only)',
  parse(value) {
    const word = value.toLowerCase();
    if (word !== 'yes' && word !== 'no')
      throw new InvalidValueError(value, 'yes or no (Mailman reads only these)');
    return word === 'yes';
  },
};

/** A whole number with bounds. */
export function int(min = 0, max?: number): ValueType<number> {
  return { name: 'whole number', parse: (value) => parseInteger(value, min, max) };
}

export const port: ValueType<number> = {
  name: 'port',
  parse(value) {
    try {
      return parseInteger(value, 0, 65_535);
    } catch {
      throw new InvalidValueError(value, 'a port number, 0 to 65535');
    }
  },
};

/** Queues are cut by bits of a hash, so the number of slices must be a power of two. */
export const powerOfTwo: ValueType<number> = {
  name: 'power of two',
  parse(value) {
    const expected = 'a power of 2 (1, 2, 4, …)';
    const number = /^\d{1,4}$/.test(value) ? Number(value) : 0;
    if (number < 1 || (number & (number - 1)) !== 0) throw new InvalidValueError(value, expected);
    return number;
  },
};

export const host = matching('host', /^[^\s/@#'"<>]+$/, 'a host name or an IP address');
export const address = matching('address', /^[^\s@]+@[^\s@]+$/, 'an e-mail address');
export const localPart = matching('local part', /^[^\s@]+$/, 'the part of an address before the @');
export const path = matching('path', /^[^\n]+$/, 'a path');
export const name = matching('name', /^\S+$/, 'a name without blanks');
export const dottedName = matching(
  'dotted name',
  /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/,
  'a name such as package.module.Class',
);
export const languageCode = matching(
  'language code',
  /^[A-Za-z]{2,3}([_-][A-Za-z0-9]+)*$/,
  'a language code such as en or pt_BR',
);
export const charset = matching('charset', /^[\w.:+-]+$/, 'a character set such as utf-8');
export const domain = matching('domain', /^[^\s@/]+$/, 'a domain name');
export const httpUrl = matching(
  'URL',
  /^(https?|file):\/\/\S+$/,
  'a URL that begins with http:// or https://',
);

/** A database address in the forms of Mailman's own documentation. */
export const databaseUrl = matching(
  'database URL',
  /^(sqlite|postgres|postgresql|mysql|mariadb)(\+\w+)?:\/\/\S*$/,
  'a URL that begins with sqlite://, postgresql:// or mysql+pymysql://',
);

/** One of a few words, in any case. */
export function oneOf<const T extends string>(...choices: readonly T[]): ValueType<T> {
  return {
    name: choices.join(', '),
    parse(value) {
      const found = choices.find((choice) => choice === value.toLowerCase());
      if (found === undefined) throw new InvalidValueError(value, `one of ${choices.join(', ')}`);
      return found;
    },
  };
}

/** A Python class path that Mailman ships, mapped to what stands for it here; the short name is taken as well. */
export function classPath<const T extends string>(paths: Readonly<Record<string, T>>): ValueType<T> {
  return {
    name: 'class',
    parse(value) {
      const mapped = Object.hasOwn(paths, value) ? paths[value] : undefined;
      const found = mapped ?? Object.values(paths).find((short) => short === value);
      if (found === undefined) throw new InvalidValueError(value, `one of ${Object.keys(paths).join(', ')}`);
      return found;
    },
  };
}

/** A regular expression in Python's notation that must have certain named groups. */
export function regexp(...groups: readonly string[]): ValueType<RegExp> {
  return {
    name: 'regular expression',
    parse(value) {
      const expected = `a regular expression${groups.length === 0 ? '' : ` with the named groups ${groups.join(', ')}`}`;
      const compiled = compile(value, expected);
      if (!groups.every((group) => compiled.source.includes(`(?<${group}>`)))
        throw new InvalidValueError(value, expected);
      return compiled;
    },
  };
}

/** Regular expressions separated by blanks, kept as texts. */
export const regexpWords: ValueType<readonly string[]> = {
  name: 'regular expressions',
  parse(value) {
    const found = splitWords(value);
    for (const word of found) compile(word, `regular expressions separated by blanks (${word} is none)`);
    return found;
  },
};

/** A header and the pattern that its value is searched for. */
export interface HeaderCheck {
  readonly header: string;
  readonly pattern: string;
}

/** `Header: regexp`, one a line. */
export const headerChecks: ValueType<readonly HeaderCheck[]> = {
  name: 'lines "Header: regular expression"',
  parse: (value) =>
    splitLines(value).map((line) => {
      const expected = 'lines such as "X-Spam-Flag: yes" with a regular expression after the colon';
      const [, header, pattern] = /^([!-9;-~]+)\s*:\s*(.*)$/.exec(line) ?? [];
      if (header === undefined || pattern === undefined) throw new InvalidValueError(line, expected);
      compile(pattern, expected);
      return { header, pattern };
    }),
};

/** Pairs of header names, one pair a line. */
export const pairs: ValueType<readonly (readonly [string, string])[]> = {
  name: 'pairs, one a line',
  parse: (value) =>
    splitLines(value).map((line) => {
      const [from, to, ...rest] = splitWords(line);
      if (from === undefined || to === undefined || rest.length > 0) {
        throw new InvalidValueError(line, 'two header names on each line');
      }
      return [from, to] as const;
    }),
};

/** The characters that a list name may consist of, written as a regular expression class. */
export const characterClass: ValueType<string> = {
  name: 'character class',
  parse(value) {
    const expected = 'a class of characters such as [-_.0-9a-z], from [-_.+=!$*{}~0-9a-z] only';
    if (!/^\[[-_.+=!$*{}~0-9a-z\\]+\]$/.test(value)) throw new InvalidValueError(value, expected);
    compile(value, expected);
    return value;
  },
};

/** A text with `$name` variables, each of which must occur and no others. */
export function template(...variables: readonly string[]): ValueType<string> {
  return {
    name: 'text with variables',
    parse(value) {
      const found = variablesOf(value);
      if (found.some((one) => !variables.includes(one)) || variables.some((one) => !found.includes(one))) {
        throw new InvalidValueError(value, `a text with ${variables.map((one) => `$${one}`).join(', ')}`);
      }
      return value;
    },
  };
}

/** Where a further configuration file is: nowhere, built in under a Python module's name, or at a path. */
export type ExternalFile =
  | { readonly kind: 'none' }
  | { readonly kind: 'builtin'; readonly module: string }
  | { readonly kind: 'file'; readonly path: string };

/** `python:package.module`, an absolute path, or nothing (`changeme` is Mailman's word for nothing). */
export const externalFile: ValueType<ExternalFile> = {
  name: 'path or python:module',
  parse(value) {
    if (value === '' || value === 'changeme') return { kind: 'none' };
    const [, module] = /^python:([\w.]+)$/.exec(value) ?? [];
    if (module !== undefined) return { kind: 'builtin', module };
    if (/^\/[^\n]*$/.test(value)) return { kind: 'file', path: value };
    throw new InvalidValueError(value, 'an absolute path or python:package.module');
  },
};

function compile(source: string, expected: string): RegExp {
  try {
    return compilePythonRegExp(source, 'i');
  } catch {
    throw new InvalidValueError(source, expected);
  }
}
