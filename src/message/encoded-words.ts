import { canonicalCharset, type DecodeOptions, decode, encode } from './charset.ts';
import { decodeBase64 } from './transfer-encoding.ts';

/** A stretch of a header value in one charset. */
export interface HeaderChunk {
  /** As the encoded words name it, in lower case; undefined for what stands there unencoded. */
  readonly charset: string | undefined;
  readonly text: string;
}

/** RFC 2047 2: an encoded word is at most this long. */
const MAX_WORD = 75;
/** What the field name and its colon are taken to need of the first line. */
const NAME_ROOM = 16;
/** Text beyond so many UTF-16 units is not encoded but left out: encoding a subject of megabytes would take minutes. */
const MAX_ENCODED = 20_000;

const ENCODED_WORD = /=\?([^?\s]{1,100})\?([bBqQ])\?([^?]*)\?=/g;

/**
 * The text of a header value (RFC 2047), as well as it can be read: encoded words are decoded wherever they stand,
 * blanks between them dropped, characters that are cut between words of one charset joined; raw 8-bit bytes are
 * taken as UTF-8, else as the first of the fallbacks that fits, else as windows-1252. The text is one line: control
 * characters become blanks.
 * @param value one character per byte, unfolded, as `Headers` hands it out
 */
export function decodeHeader(value: string, options: DecodeOptions = {}): string {
  return decodeChunks(value, options)
    .map(({ text }) => text)
    .join('');
}

/**
 * The same in pieces by charset, as Python's `decode_header` gives them and Mailman's subject prefix needs them: the
 * blank between an encoded word and unencoded text belongs to the unencoded text.
 */
export function decodeChunks(value: string, options: DecodeOptions = {}): HeaderChunk[] {
  const pieces = collapse(takeApart(value));
  return pieces.map(({ charset, bytes }) => ({
    charset,
    text: decode(Buffer.from(bytes, 'latin1'), charset ?? 'us-ascii', options).replace(/(?!\t)\p{Cc}/gu, ' '),
  }));
}

/**
 * A header value for this text: ASCII as it is, else encoded words (RFC 2047) from the first word that needs it to
 * the last, in the `wanted` charset if that has all characters, else in UTF-8; base64 or quoted-printable, whichever is shorter.
 * Each word is at most 75 long, holds whole characters and stands alone; `Headers` folds between them. Control
 * characters become blanks.
 * @returns one character per byte, as `Headers` takes it
 */
export function encodeHeader(value: string, wanted = 'utf-8'): string {
  // Python reads a blank too many before an encoded word in us-ascii.
  const charset = canonicalCharset(wanted) === 'us-ascii' ? 'utf-8' : wanted;
  const clean = value.toWellFormed().replace(/\p{Cc}+/gu, ' ');
  const words = clean.split(/(?<=[^ ])(?= )/);
  const first = words.findIndex(needsEncoding);
  if (first < 0) return clean;
  const last = words.findLastIndex(needsEncoding);
  const before = words.slice(0, first).join('');
  const encoded = words.slice(first, last + 1).join('');
  // The blank before the first encoded word separates it, it is not part of it.
  const gap = before !== '' && encoded.startsWith(' ') ? ' ' : '';
  const room = MAX_WORD - NAME_ROOM - (before.length % (MAX_WORD - NAME_ROOM));
  const text = encoded.slice(gap.length);
  // One word goes to the next line rather than being cut in two.
  const core =
    (gap === '' ? undefined : oneWord(text, charset)) ??
    encodeWords(text, charset, Math.max(room, MAX_WORD / 2));
  return `${before}${gap}${core}${words.slice(last + 1).join('')}`;
}

/**
 * A header value of pieces that keep their charset: those without charset stand unencoded if they can, the others as
 * encoded words. A blank separates pieces where the reader needs one and drops it again.
 * @returns one character per byte, as `Headers` takes it
 */
export function encodeChunks(chunks: readonly HeaderChunk[]): string {
  let value = '';
  let afterWord = false;
  for (const { charset, text } of chunks) {
    if (text === '') continue;
    const plain = charset === undefined && !needsEncoding(text);
    const piece = plain
      ? text.replace(/\p{Cc}+/gu, ' ')
      : encodeWords(text, charset ?? 'utf-8', MAX_WORD - NAME_ROOM);
    const glued = value !== '' && !(value.endsWith(' ') || piece.startsWith(' '));
    if (glued && (afterWord || !plain)) value += ' ';
    value += piece;
    afterWord = !plain;
  }
  return value;
}

/** A single encoded word for the whole text; undefined where it is too long for that. */
function oneWord(text: string, charset: string): string | undefined {
  if (text.length > MAX_WORD) return undefined;
  const word = encodeWord(text, headerCharset(text, charset));
  return word.length > MAX_WORD ? undefined : word;
}

/** Encoded words for the whole text, blanks included, separated by blanks. */
function encodeWords(text: string, charset: string, firstRoom: number): string {
  const bearable =
    text.length > MAX_ENCODED ? text.slice(0, MAX_ENCODED).replace(/[\ud800-\udbff]$/, '') : text;
  const clean = bearable.toWellFormed().replace(/\p{Cc}+/gu, ' ');
  const name = headerCharset(clean, charset);
  const characters = Array.from(clean);
  const words: string[] = [];
  let at = 0;
  while (at < characters.length) {
    const room = words.length === 0 ? firstRoom : MAX_WORD;
    let length = Math.min(characters.length - at, MAX_WORD);
    let word = encodeWord(characters.slice(at, at + length).join(''), name);
    while (word.length > room && length > 1) {
      length = Math.max(1, Math.min(length - 1, Math.floor((length * room) / word.length)));
      word = encodeWord(characters.slice(at, at + length).join(''), name);
    }
    words.push(word);
    at += length;
  }
  return words.join(' ');
}

/** The charset in which the text is sent: Japanese mail headers are in ISO-2022-JP whatever the list uses. */
function headerCharset(text: string, charset: string): string {
  const name = canonicalCharset(charset);
  if (name === 'euc-jp' || name === 'shift_jis') return encode(text, 'iso-2022-jp') ? 'iso-2022-jp' : 'utf-8';
  return encode(text, charset) ? charset.toLowerCase() : 'utf-8';
}

function encodeWord(text: string, charset: string): string {
  const bytes = encode(text, charset) ?? Buffer.from(text, 'utf8');
  const quoted = charset === 'iso-2022-jp' ? undefined : quote(bytes);
  const base64 = bytes.toString('base64');
  if (quoted !== undefined && quoted.length < base64.length) return `=?${charset}?q?${quoted}?=`;
  return `=?${charset}?b?${base64}?=`;
}

/** The Q encoding with the few characters that are safe in every place of a header (RFC 2047 5, rule 3). */
function quote(bytes: Buffer): string {
  let quoted = '';
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    if (byte === 0x20) quoted += '_';
    else if (/[A-Za-z0-9!*+/-]/.test(character)) quoted += character;
    else quoted += `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return quoted;
}

/** Of the 998 characters of a line (RFC 5322 2.1.1), with room for what stands in front. */
const LONGEST_WORD = 900;

/** What is not ASCII, what a reader would take for an encoded word, and what is too long for a line. */
function needsEncoding(word: string): boolean {
  return /[^\0-\x7f]/.test(word) || word.includes('=?') || word.length > LONGEST_WORD;
}

interface Piece {
  readonly charset: string | undefined;
  /** One character per byte. */
  readonly bytes: string;
}

function takeApart(value: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  let afterWord = false;
  for (const match of value.matchAll(ENCODED_WORD)) {
    const [word, charset = '', encoding = '', encoded = ''] = match;
    const between = value.slice(end, match.index);
    if (between !== '' && !(afterWord && /^[ \t\r\n]*$/.test(between)))
      pieces.push({ charset: undefined, bytes: between });
    const bytes = /[bB]/.test(encoding) ? decodeBase64(encoded).toString('latin1') : unquote(encoded);
    pieces.push({ charset: charset.replace(/\*.*$/, '').toLowerCase(), bytes });
    end = match.index + word.length;
    afterWord = true;
  }
  if (end < value.length) pieces.push({ charset: undefined, bytes: value.slice(end) });
  return pieces;
}

/** Joins neighbours of the same charset before they are decoded: a character may be cut between them. */
function collapse(pieces: readonly Piece[]): Piece[] {
  const joined: { charset: string | undefined; bytes: string }[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (last && last.charset === piece.charset) last.bytes += piece.bytes;
    else joined.push({ ...piece });
  }
  return joined;
}

function unquote(encoded: string): string {
  return encoded
    .replaceAll('_', ' ')
    .replace(/=([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
