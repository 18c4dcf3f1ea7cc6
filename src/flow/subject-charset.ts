import { canEncode, decodeStrict } from '../message/charset.ts';
import { decodeChunks, decodeHeader, encodeHeader } from '../message/encoded-words.ts';

/**
 * The text of a Subject. Japanese mailers of old wrote ISO-2022-JP without encoding it.
 * @param value one character per byte
 * @param likely charsets for raw 8-bit bytes (see likelyCharsets)
 */
export function subjectText(value: string, likely: readonly string[]): string {
  if (value.includes('\x1b$')) {
    const text = decodeStrict(Buffer.from(value, 'latin1'), 'iso-2022-jp');
    if (text !== undefined) return text;
  }
  return decodeHeader(value, { fallbacks: likely });
}

/**
 * A Subject for this text, in a charset that the original used if it has all characters, else in the list's, else in
 * UTF-8: whoever could read the one can read the other.
 * @param original the value that the message came with
 * @returns one character per byte, as `Headers` takes it
 */
export function encodeSubject(text: string, original: string, charset: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return encodeHeader(text);
  const used = decodeChunks(original).flatMap((chunk) => chunk.charset ?? []);
  const fitting = [...used, charset].find((candidate) => canEncode(text, candidate));
  return encodeHeader(text, fitting ?? 'utf-8');
}
