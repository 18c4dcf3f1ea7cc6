import { decode } from './charset.ts';
import { trimBlanks } from './headers.ts';

/** Parameters beyond this many are not read. */
const MAX_PARAMETERS = 200;

/**
 * The parameters of a structured header value by lower-case name, as text; the first of a name counts. Continued and
 * encoded ones (RFC 2231) are put together and decoded; raw 8-bit bytes are guessed. Encoded words, which do not
 * belong here, stay.
 */
export function parseParameters(value: string): Map<string, string> {
  const plain = new Map<string, string>();
  const extended = new Map<string, Section[]>();
  for (const { name, text } of rawParameters(value)) {
    const section = /^([^*]+)\*(?:(\d{1,4})(\*)?)?$/.exec(name);
    if (section) {
      const [, base = '', number, star] = section;
      const sections = extended.get(base) ?? [];
      sections.push({ number: Number(number ?? 0), encoded: number === undefined || star === '*', text });
      extended.set(base, sections);
    } else if (!plain.has(name)) plain.set(name, eightBitText(text));
  }
  for (const [name, sections] of extended) plain.set(name, joinSections(sections));
  return plain;
}

/** Every value that one reader or another may see in a parameter: each plain one, and what RFC 2231 makes of the others. */
export function parameterReadings(value: string, name: string): string[] {
  const plain = rawParameters(value)
    .filter((parameter) => parameter.name === name)
    .map(({ text }) => eightBitText(text));
  return [...new Set([...plain, parseParameters(value).get(name) ?? ''])].filter((text) => text !== '');
}

/**
 * One parameter as it stands in a header, with the `; ` before it left out: `name=token`, `name="quoted"` or, for
 * what is not ASCII, `name*=utf-8''percent` (RFC 2231 4).
 */
export function formatParameter(name: string, value: string): string {
  const clean = value.replace(/\p{Cc}+/gu, ' ');
  if (/^[!#$&+.^_`|~0-9A-Za-z-]+$/.test(clean)) return `${name}=${clean}`;
  if (/^[\x20-\x7e]*$/.test(clean)) return `${name}="${clean.replace(/["\\]/g, '\\$&')}"`;
  const bytes = Buffer.from(clean, 'utf8');
  const encoded = Array.from(bytes, (byte) => {
    const character = String.fromCharCode(byte);
    return /[!#$&+.^_`|~0-9A-Za-z-]/.test(character)
      ? character
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  });
  return `${name}*=utf-8''${encoded.join('')}`;
}

interface Section {
  readonly number: number;
  readonly encoded: boolean;
  readonly text: string;
}

interface RawParameter {
  readonly name: string;
  /** Unquoted, one character per byte. */
  readonly text: string;
}

/** Takes `; name=value` pairs apart; a quoted value may hold semicolons, and lasts to the end where nothing closes it. */
function rawParameters(value: string): RawParameter[] {
  const found: RawParameter[] = [];
  let at = value.indexOf(';');
  while (at >= 0 && at < value.length && found.length < MAX_PARAMETERS) {
    const start = at + 1;
    let end = start;
    let quoted = false;
    while (end < value.length && (quoted || value[end] !== ';')) {
      if (value[end] === '"') quoted = !quoted;
      else if (quoted && value[end] === '\\') end += 1;
      end += 1;
    }
    const piece = value.slice(start, end);
    const equals = piece.indexOf('=');
    if (equals > 0) {
      const name = trimBlanks(piece.slice(0, equals)).toLowerCase();
      if (name !== '') found.push({ name, text: unquote(trimBlanks(piece.slice(equals + 1))) });
    }
    at = end;
  }
  return found;
}

/** The text in quotes; of an unquoted value, all of it but a comment behind it. */
function unquote(text: string): string {
  if (!text.startsWith('"')) return trimBlanks(text.split(' (', 1)[0] ?? '');
  let unquoted = '';
  for (let at = 1; at < text.length && text[at] !== '"'; at += 1) {
    // Old mailers wrote Windows paths without doubling their backslashes.
    if (text[at] === '\\' && (text[at + 1] === '"' || text[at + 1] === '\\')) at += 1;
    unquoted += text[at];
  }
  return unquoted;
}

/** Puts RFC 2231 sections together in the order of their numbers, up to the first that is missing. */
function joinSections(sections: readonly Section[]): string {
  const byNumber = new Map<number, Section>();
  for (const section of sections) if (!byNumber.has(section.number)) byNumber.set(section.number, section);
  let charset: string | undefined;
  let bytes = '';
  for (let number = 0; ; number += 1) {
    const section = byNumber.get(number);
    if (!section) break;
    let { text } = section;
    if (section.encoded && number === 0) {
      const [label, , rest] = splitExtended(text);
      charset = label;
      text = rest;
    }
    bytes += section.encoded ? percentDecode(text) : text;
  }
  return charset === undefined ? eightBitText(bytes) : decode(Buffer.from(bytes, 'latin1'), charset);
}

/** `charset'language'rest`; without the quotes, all is text. */
function splitExtended(text: string): [string | undefined, string, string] {
  const first = text.indexOf("'");
  const second = first < 0 ? -1 : text.indexOf("'", first + 1);
  if (second < 0) return [undefined, '', text];
  return [text.slice(0, first) || undefined, text.slice(first + 1, second), text.slice(second + 1)];
}

function percentDecode(text: string): string {
  return text.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function eightBitText(latin1: string): string {
  return /[\x80-\xff]/.test(latin1) ? decode(Buffer.from(latin1, 'latin1'), undefined) : latin1;
}
