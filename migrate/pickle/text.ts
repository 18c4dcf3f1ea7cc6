import { isUtf8 } from 'node:buffer';

/**
 * The text forms inside pickles: UTF-8 in which Python lets lone surrogates pass, the `repr` of a byte string and
 * raw-unicode-escape. Each decoder returns undefined for what Python refuses.
 */

/** Whether a text has nothing but ASCII. */
export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

/** UTF-8 that may also have surrogates as three bytes each, as Python 2 writes them. */
export function decodeUtf8WithSurrogates(bytes: Buffer): string | undefined {
  const withoutSurrogates = Buffer.from(bytes);
  for (let i = bytes.indexOf(0xed); i >= 0; i = bytes.indexOf(0xed, i + 1)) {
    if ((bytes[i + 1] ?? 0) >> 5 === 5) REPLACEMENT_CHARACTER.copy(withoutSurrogates, i, 0, 2);
  }
  if (!isUtf8(withoutSurrogates)) return undefined;
  const units = new Uint16Array(bytes.length);
  let length = 0;
  for (let i = 0; i < bytes.length; ) {
    const lead = bytes[i] ?? 0;
    const size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    let code = size === 1 ? lead : lead & (0x7f >> size);
    for (let k = 1; k < size; k++) code = (code << 6) | ((bytes[i + k] ?? 0) & 0x3f);
    if (code > 0xffff) {
      units[length++] = 0xd800 + ((code - 0x10000) >> 10);
      units[length++] = 0xdc00 + (code & 0x3ff);
    } else {
      units[length++] = code;
    }
    i += size;
  }
  return textOf(units, length);
}

const REPLACEMENT_CHARACTER = Buffer.from('\ufffd');

function textOf(units: Uint16Array, length: number): string {
  return Buffer.from(units.buffer, 0, length * 2).toString('utf16le');
}

/** The reverse of `decodeUtf8WithSurrogates`. */
export function encodeUtf8WithSurrogates(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text, 'utf8');
  const parts: Buffer[] = [];
  let plainFrom = 0;
  for (const match of text.matchAll(/\p{Surrogate}/gu)) {
    const unit = text.charCodeAt(match.index);
    parts.push(Buffer.from(text.slice(plainFrom, match.index), 'utf8'));
    parts.push(Buffer.from([0xed, 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)]));
    plainFrom = match.index + 1;
  }
  parts.push(Buffer.from(text.slice(plainFrom), 'utf8'));
  return Buffer.concat(parts);
}

const BACKSLASH = 0x5c;
const ESCAPES = new Map(
  Object.entries({
    '\\': '\\',
    "'": "'",
    '"': '"',
    a: '\x07',
    b: '\b',
    f: '\f',
    n: '\n',
    r: '\r',
    t: '\t',
    v: '\v',
  }).map(([name, char]) => [name.charCodeAt(0), char.charCodeAt(0)]),
);

/** The bytes that a Python `repr` such as `'caf\xe9'` stands for, one character each. */
export function decodeRepr(line: string): string | undefined {
  const quoted = line.trimEnd();
  const quote = quoted[0];
  if (quoted.length < 2 || (quote !== "'" && quote !== '"') || !quoted.endsWith(quote)) return undefined;
  const body = quoted.slice(1, -1);
  if (!body.includes('\\')) return body;
  const bytes = Buffer.allocUnsafe(body.length);
  let length = 0;
  for (let i = 0; i < body.length; ) {
    const code = body.charCodeAt(i);
    const read = code === BACKSLASH ? escapeAt(body, i + 1) : { code, next: i + 1 };
    if (read === undefined) return undefined;
    bytes[length++] = read.code;
    i = read.next;
  }
  return bytes.toString('latin1', 0, length);
}

/**
 * The byte of the escape after a backslash, and where what follows begins. One that Python does not know stands for its
 * backslash; undefined where digits are missing.
 */
export function escapeAt(body: string, at: number): { code: number; next: number } | undefined {
  const char = body[at];
  if (char === undefined) return undefined;
  if (char === 'x') {
    const code = hexadecimal(body, at + 1, 2);
    return code === undefined ? undefined : { code, next: at + 3 };
  }
  if (isOctal(char)) {
    let next = at + 1;
    while (next < at + 3 && isOctal(body[next])) next++;
    return { code: Number.parseInt(body.slice(at, next), 8) & 0xff, next };
  }
  const code = ESCAPES.get(char.charCodeAt(0));
  return code === undefined ? { code: BACKSLASH, next: at } : { code, next: at + 1 };
}

function isOctal(char: string | undefined): boolean {
  return char !== undefined && char >= '0' && char <= '7';
}

function hexadecimal(text: string, at: number, digits: number): number | undefined {
  let value = 0;
  for (let i = at; i < at + digits; i++) {
    const digit = hexDigit(text.charCodeAt(i));
    if (digit === undefined) return undefined;
    value = value * 16 + digit;
  }
  return value;
}

function hexDigit(code: number): number | undefined {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : undefined;
}

/** A byte string as Python's `repr` gives it. */
export function encodeRepr(latin1: string): string {
  const escaped = latin1.replace(/[^ -~]|['\\]/g, (char) => {
    if (char === "'" || char === '\\') return `\\${char}`;
    return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return `'${escaped}'`;
}

/** The text that a line in raw-unicode-escape stands for: `\uXXXX`, `\UXXXXXXXX`, and latin-1 for the rest. */
export function decodeRawUnicodeEscape(line: string): string | undefined {
  if (!line.includes('\\')) return line;
  const units = new Uint16Array(line.length);
  let length = 0;
  for (let i = 0; i < line.length; i++) {
    const char = line.charCodeAt(i);
    units[length++] = char;
    if (char !== BACKSLASH) continue;
    const kind = line[++i];
    const digits = kind === 'u' ? 4 : kind === 'U' ? 8 : 0;
    if (digits === 0) {
      if (kind !== undefined) units[length++] = kind.charCodeAt(0);
      continue;
    }
    const code = hexadecimal(line, i + 1, digits);
    if (code === undefined || code > 0x10ffff) return undefined;
    units[length - 1] = code > 0xffff ? 0xd800 + ((code - 0x10000) >> 10) : code;
    if (code > 0xffff) units[length++] = 0xdc00 + (code & 0x3ff);
    i += digits;
  }
  return textOf(units, length);
}

/** A text in raw-unicode-escape that fits on one line. */
export function encodeRawUnicodeEscape(text: string): string {
  return text.replace(/[^ -~]|\\/gu, (char) => {
    const code = char.codePointAt(0) ?? 0;
    return code > 0xffff
      ? `\\U${code.toString(16).padStart(8, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** A Python float as text. */
export function decodeFloat(line: string): number | undefined {
  const text = line.trim().toLowerCase();
  if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/.test(text)) return Number(text);
  const special = /^([-+]?)(nan|inf|infinity)$/.exec(text);
  if (special === null) return undefined;
  if (special[2] === 'nan') return Number.NaN;
  return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** A Python float as text that gives the same float again. */
export function encodeFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return Object.is(value, -0) ? '-0.0' : String(value);
}
