import { isAscii, isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import iconv from 'iconv-lite';
import { decodeHz } from './hz.ts';
import { decodeIso2022, encodeIso2022Jp, isIso2022, japaneseForm } from './iso-2022.ts';
import { isPlain } from './plain-charsets.ts';

/** How to read bytes whose charset is missing, unknown or wrong. */
export interface DecodeOptions {
  /** Charsets to try after UTF-8, such as that of the list. */
  readonly fallbacks?: readonly string[];
}

/** Charset names of mail that neither Node nor iconv-lite knows under that name, by what they are. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['cp932', 'shift_jis'],
  ['windows-932', 'shift_jis'],
  ['cp936', 'gbk'],
  ['windows-936', 'gbk'],
  ['cp949', 'euc-kr'],
  ['uhc', 'euc-kr'],
  ['windows-949', 'euc-kr'],
  ['cp950', 'big5'],
  ['windows-950', 'big5'],
  ['big5hkscs', 'big5-hkscs'],
  ['eucjp', 'euc-jp'],
  ['ujis', 'euc-jp'],
  ['euckr', 'euc-kr'],
  ['koi8r', 'koi8-r'],
  ['utf8mb4', 'utf-8'],
  ['utf_8', 'utf-8'],
  ['u8', 'utf-8'],
  ['utf', 'utf-8'],
  ['x-utf-8', 'utf-8'],
  ['csiso2022jp', 'iso-2022-jp'],
  ['csiso2022kr', 'iso-2022-kr'],
  ['macroman', 'macintosh'],
  ['unicode-1-1-utf-7', 'utf-7'],
  ['utf7', 'utf-7'],
  ['utf16', 'utf-16'],
  ['ucs-2', 'utf-16'],
  ['hz', 'hz-gb-2312'],
  ['hzgb', 'hz-gb-2312'],
  ['hz-gb', 'hz-gb-2312'],
]);

/** Names that say that the charset is not known; x-user-defined decodes to private characters, which nobody can read. */
const UNKNOWN = new Set([
  '',
  'unknown-8bit',
  'x-unknown',
  'unknown',
  '8bit',
  'binary',
  'x-user-defined',
  'default',
]);

/** Names of ASCII; the Encoding Standard reads them as windows-1252. */
const ASCII = new Set([
  'us-ascii',
  'ascii',
  'ansi_x3.4-1968',
  'iso-ir-6',
  'iso_646.irv:1991',
  'ansi_x3.4-1986',
  '646',
  'iso646-us',
  'us',
  'cp367',
]);

/** Reads bytes, throwing a TypeError where they are not in the charset; undefined stands for a charset unknown here. */
type Reader = (bytes: Uint8Array, strict: boolean) => string;

const READERS = new Map<string, Reader | undefined>();
/** Labels come from mail; more of them than this are looked up anew each time. */
const MAX_READERS = 500;

/**
 * The name under which a charset is known here: lower case, aliases resolved; us-ascii for all names of ASCII.
 * Undefined where it is unknown.
 */
export function canonicalCharset(label: string | undefined): string | undefined {
  const name = trimLabel(label);
  if (ASCII.has(name)) return 'us-ascii';
  if (UNKNOWN.has(name)) return undefined;
  const alias = ALIASES.get(name) ?? name;
  if (alias === 'utf-16' || alias === 'hz-gb-2312' || isIso2022(alias) || alias.startsWith('iso-8859-')) {
    return readerOf(alias) && alias;
  }
  try {
    const { encoding } = new TextDecoder(alias);
    // The Encoding Standard reads iso-8859-1 as windows-1252 and its relatives alike; for writing they differ.
    if (encoding === 'windows-1252' && alias !== 'windows-1252' && alias !== 'cp1252') return 'iso-8859-1';
    return encoding;
  } catch {
    return iconv.encodingExists(alias) ? alias : undefined;
  }
}

/**
 * The text of bytes in a charset, as well as it can be read, never failing: the declared charset if the bytes are in
 * it, else UTF-8, else the fallbacks, else windows-1252; ISO-2022-JP is known by its escape sequences. Bytes that are nearly in the declared charset (a character
 * cut in two) are read in it, with U+FFFD for the rest.
 */
export function decode(bytes: Uint8Array, label: string | undefined, options: DecodeOptions = {}): string {
  const declared = canonicalCharset(label);
  const undeclared = declared === undefined || declared === 'us-ascii';
  const japanese = undeclared && holdsJapanese(bytes) ? decodeStrict(bytes, 'iso-2022-jp') : undefined;
  const strict = japanese ?? decodeStrict(bytes, label) ?? decodeStrict(bytes, 'utf-8');
  if (strict !== undefined) return strict;
  const fallbacks = [...(options.fallbacks ?? []), 'windows-1252'];
  for (const fallback of fallbacks.filter(isSelfChecking)) {
    const text = decodeStrict(bytes, fallback);
    if (text !== undefined) return text;
  }
  for (const candidate of [declared, 'utf-8'].filter((name) => isSelfChecking(name ?? ''))) {
    const text = readerOf(candidate)?.(bytes, false).toWellFormed();
    if (text !== undefined && isMostlyReadable(text)) return text;
  }
  for (const fallback of fallbacks) {
    const text = decodeStrict(bytes, fallback);
    if (text !== undefined) return text;
  }
  return new TextDecoder('windows-1252').decode(bytes);
}

/** The text of bytes in a charset; undefined where they are not in it, or nobody knows it. */
export function decodeStrict(bytes: Uint8Array, label: string | undefined): string | undefined {
  const reader = readerOf(canonicalCharset(label));
  if (!reader) return undefined;
  try {
    const text = reader(bytes, true);
    return text.isWellFormed() ? text : undefined;
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Whether bytes are in a charset; `decodeStrict` without the text. */
export function isInCharset(bytes: Uint8Array, label: string): boolean {
  const name = canonicalCharset(label);
  if (name === 'us-ascii') return isAscii(bytes);
  return name === 'utf-8' ? isUtf8(bytes) : decodeStrict(bytes, label) !== undefined;
}

/** The text in a charset; undefined where the charset lacks one of its characters, or nobody knows it. */
export function encode(text: string, label: string): Buffer | undefined {
  const name = canonicalCharset(label);
  if (name === undefined || !text.isWellFormed()) return undefined;
  if (name === 'us-ascii') return /^[\0-\x7f]*$/.test(text) ? Buffer.from(text, 'latin1') : undefined;
  if (name === 'utf-8') return Buffer.from(text, 'utf8');
  if (name === 'iso-2022-jp') return encodeIso2022Jp(text);
  // Mail is not written in UTF-7, UTF-16 and the rarer ISO-2022 charsets.
  if (isIso2022(name) || name.startsWith('utf-') || !iconv.encodingExists(name)) return undefined;
  if (NOWHERE_SURE.test(text)) return undefined;
  const bytes =
    name === 'euc-jp' || name === 'shift_jis' ? encodeJapanese(text, name) : iconv.encode(text, name);
  // iconv-lite writes `?` for what it cannot encode; in none of these charsets is that byte part of another character.
  if (!bytes || count(bytes, QUESTION_MARK) !== count(Buffer.from(text), QUESTION_MARK)) return undefined;
  return isPlain(bytes, trimLabel(label), name) ? bytes : undefined;
}

/** Whether the charset has all characters of the text. */
export function canEncode(text: string, label: string): boolean {
  return encode(text, label) !== undefined;
}

/**
 * iconv-lite has bytes even for the sign that a character is missing, and for private characters; the vowel sign is in
 * the windows-1255 of the Encoding Standard alone.
 */
const NOWHERE_SURE = /[\uFFFD\p{Co}\u05BA]/u;

const QUESTION_MARK = 0x3f;

function encodeJapanese(text: string, name: string): Buffer | undefined {
  // The table writes a backslash and a tilde for these two, which they are not.
  if (/[\u00A5\u203E]/.test(text)) return undefined;
  const form = japaneseForm(text);
  if (name === 'shift_jis') return iconv.encode(form, name);
  // The table has the wave dash of JIS X 0212, which few readers know; JIS X 0208 has it too.
  const pieces = form.split('\uFF5E').map((piece) => iconv.encode(piece, name));
  return Buffer.concat(pieces.flatMap((piece, index) => (index === 0 ? [piece] : [WAVE_DASH, piece])));
}

const WAVE_DASH = Buffer.from([0xa1, 0xc1]);

function count(bytes: Uint8Array, wanted: number): number {
  let found = 0;
  for (const byte of bytes) if (byte === wanted) found += 1;
  return found;
}

/** No charset has a name of so many characters. */
const LONGEST_LABEL = 100;

/** Labels may carry quotes, and the language that RFC 2231 5 allows behind an asterisk. */
function trimLabel(label: string | undefined): string {
  return (label ?? '')
    .slice(0, LONGEST_LABEL)
    .replace(/\*.*$/s, '')
    .replace(/["'\s]/g, '')
    .toLowerCase();
}

function readerOf(name: string | undefined): Reader | undefined {
  if (name === undefined) return undefined;
  const known = READERS.get(name);
  if (known || READERS.has(name)) return known;
  const reader = makeReader(name);
  if (READERS.size < MAX_READERS) READERS.set(name, reader);
  return reader;
}

function makeReader(name: string): Reader | undefined {
  if (name === 'us-ascii') return readAscii;
  if (name === 'utf-16') return readUtf16;
  if (name === 'hz-gb-2312') return decodeHz;
  if (isIso2022(name)) return (bytes, strict) => decodeIso2022(bytes, name, strict);
  if (/^(?:shift_jis|euc-|gb|big5)/.test(name)) return readerOfTable(name);
  try {
    const strictly = new TextDecoder(name, { fatal: true });
    const leniently = new TextDecoder(name);
    return (bytes, strict) => (strict ? strictly : leniently).decode(bytes);
  } catch {
    return iconv.encodingExists(name) ? readerOfTable(name) : undefined;
  }
}

/** iconv-lite keeps to the Encoding Standard where Node's ICU takes control bytes for characters, even if strict. */
function readerOfTable(name: string): Reader {
  return (bytes, strict) => {
    const text = iconv.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), name);
    if (strict && text.includes('\uFFFD')) throw new TypeError(`Bytes that are not ${name}`);
    return text;
  };
}

function readAscii(bytes: Uint8Array, strict: boolean): string {
  const isRight = isAscii(bytes);
  if (strict && !isRight) throw new TypeError('Bytes that are not us-ascii');
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return isRight ? text : text.replace(/[\x80-\xff]/g, '\uFFFD');
}

/** With the byte order of the mark; without one big-endian, as RFC 2781 4.3 says. */
function readUtf16(bytes: Uint8Array, strict: boolean): string {
  const little = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(little ? 'utf-16le' : 'utf-16be', { fatal: strict }).decode(bytes);
}

/** Whether ASCII bytes switch to kanji, which old mailers in Japan sent without saying so. */
function holdsJapanese(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return text.includes('\x1b$B') || text.includes('\x1b$@');
}

/** Whether wrong bytes are likely to be noticed: single-byte charsets take anything. */
function isSelfChecking(label: string): boolean {
  const name = canonicalCharset(label);
  return name !== undefined && /^(?:utf-8|utf-16|iso-2022|euc-|shift_jis|gb|big5)/.test(name);
}

/** Whether few characters of what is not ASCII are lost. */
function isMostlyReadable(text: string): boolean {
  let lost = 0;
  let read = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 0xfffd) lost += 1;
    else if (code > 0x7f) read += 1;
  }
  return lost * 2 <= read;
}
