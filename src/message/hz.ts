import iconv from 'iconv-lite';

/** A run of characters, two octets each, with and without its end; or what stands for a tilde, or for no line end. */
const ESCAPES =
  /~\{((?:[\x21-\x77][\x21-\x7e])*)(?:~\}|(?=\r?\n)|$)|~\{((?:[\x21-\x77][\x21-\x7e])*)|~~|~\r?\n|~/g;

/**
 * The text of HZ (RFC 1843), in which Chinese was written where mail had seven bits. A line end returns to ASCII.
 * @throws TypeError if `strict` and the bytes are not in the charset
 */
export function decodeHz(bytes: Uint8Array, strict: boolean): string {
  const written = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const text = written
    .replace(/[\x80-\xff]/g, '\uFFFD')
    .replace(ESCAPES, (found: string, run?: string, endless?: string) => {
      if (run !== undefined) return charactersOf(run);
      if (endless !== undefined) return `${charactersOf(endless)}\uFFFD`;
      if (found === '~') return '\uFFFD';
      return found === '~~' ? '~' : '';
    });
  if (strict && text.includes('\uFFFD')) throw new TypeError('Bytes that are not hz-gb-2312');
  return text;
}

function charactersOf(run: string): string {
  return iconv.decode(
    Buffer.from(run, 'latin1').map((octet) => octet | 0x80),
    'gbk',
  );
}
