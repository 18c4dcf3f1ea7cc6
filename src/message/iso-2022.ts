import iconv from 'iconv-lite';

const ESCAPE = 0x1b;
const LF = 0x0a;
const SHIFT_OUT = 0x0e;
const SHIFT_IN = 0x0f;

/** What the bytes of a run mean: the 8-bit charset that holds the same characters, and how they look in it. */
interface CharacterSet {
  readonly charset: string;
  /** What stands before each character in the 8-bit charset. */
  readonly prefix: number | undefined;
  readonly width: 1 | 2;
}

const KOREAN: CharacterSet = { charset: 'euc-kr', prefix: undefined, width: 2 };

/** Escape sequences (after ESC) of RFC 1468, 1554, 1557, 1922 and JIS X 0202; undefined stands for ASCII. */
const SEQUENCES: ReadonlyMap<string, CharacterSet | 'roman' | undefined> = new Map<
  string,
  CharacterSet | 'roman' | undefined
>([
  ['(B', undefined],
  ['(J', 'roman'],
  ['(I', { charset: 'euc-jp', prefix: 0x8e, width: 1 }],
  ['$@', { charset: 'euc-jp', prefix: undefined, width: 2 }],
  ['$B', { charset: 'euc-jp', prefix: undefined, width: 2 }],
  ['$(@', { charset: 'euc-jp', prefix: undefined, width: 2 }],
  ['$(B', { charset: 'euc-jp', prefix: undefined, width: 2 }],
  ['$(D', { charset: 'euc-jp', prefix: 0x8f, width: 2 }],
  ['$(Q', { charset: 'euc-jp', prefix: undefined, width: 2 }],
  ['$A', { charset: 'gbk', prefix: undefined, width: 2 }],
  ['$(C', KOREAN],
]);

/** Escape sequences that say what SHIFT OUT switches to. */
const SHIFTED: ReadonlyMap<string, CharacterSet> = new Map([
  ['$)C', KOREAN],
  ['$)A', { charset: 'gbk', prefix: undefined, width: 2 }],
]);

/** Whether this is a charset that switches its meaning by escape sequences. */
export function isIso2022(name: string): boolean {
  return /^iso-2022-(?:jp(?:-[123]|-2004|-ext)?|kr|cn)$/.test(name);
}

/**
 * The text of ISO-2022-JP and its relatives. A line end returns to ASCII, as writers must (RFC 1468).
 * @throws TypeError if `strict` and the bytes are not in the charset
 */
export function decodeIso2022(bytes: Uint8Array, name: string, strict: boolean): string {
  let text = '';
  let set: CharacterSet | 'roman' | undefined;
  let shifted: CharacterSet = KOREAN;
  let at = 0;
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0;
    if (byte === ESCAPE) {
      const sequence = sequenceAt(bytes, at + 1);
      if (SEQUENCES.has(sequence)) set = SEQUENCES.get(sequence);
      else if (SHIFTED.has(sequence)) shifted = SHIFTED.get(sequence) ?? KOREAN;
      else if (strict) throw new TypeError(`An escape sequence that is not ${name}`);
      else if (sequence === '') text += '\uFFFD';
      at += 1 + sequence.length;
    } else if (byte === SHIFT_OUT) {
      set = shifted;
      at += 1;
    } else if (byte === SHIFT_IN) {
      set = undefined;
      at += 1;
    } else {
      const end = runEnd(bytes, at);
      text += readRun(bytes.subarray(at, end), set, strict);
      if (bytes[end - 1] === LF) set = undefined;
      at = end;
    }
  }
  return text;
}

/** The text in ISO-2022-JP (RFC 1468), back in ASCII at the end; undefined where it has other characters than that. */
export function encodeIso2022Jp(text: string): Buffer | undefined {
  const pieces: Buffer[] = [];
  for (const run of text.match(/[\0-\x7f]+|[^\0-\x7f]+/g) ?? []) {
    if (run.charCodeAt(0) <= 0x7f) pieces.push(Buffer.from(run, 'latin1'));
    else {
      const bytes = encodeRun(run);
      if (!bytes) return undefined;
      pieces.push(Buffer.from('\x1b$B', 'latin1'), bytes, Buffer.from('\x1b(B', 'latin1'));
    }
  }
  const bytes = Buffer.concat(pieces);
  // Encoding Standard 12.2.2: a reader would take them for shifts.
  return ['\x0e', '\x0f', '\x1b'].some((control) => text.includes(control)) ? undefined : bytes;
}

/** Characters of JIS X 0208 that Unicode has twice, in the form that the Encoding Standard's tables know. */
const JAPANESE_FORMS: ReadonlyMap<string, string> = new Map([
  ['\u301C', '\uFF5E'],
  ['\u2016', '\u2225'],
  ['\u2212', '\uFF0D'],
  ['\u00A2', '\uFFE0'],
  ['\u00A3', '\uFFE1'],
  ['\u00AC', '\uFFE2'],
  ['\u2014', '\u2015'],
]);

/** The text with the twins of its JIS characters that the tables for Japanese charsets hold. */
export function japaneseForm(text: string): string {
  return text.replace(
    /[\u301C\u2016\u2212\u00A2\u00A3\u00AC\u2014]/g,
    (found) => JAPANESE_FORMS.get(found) ?? found,
  );
}

/** JIS X 0208 by way of Shift_JIS, whose double bytes are its rows and cells, folded. */
function encodeRun(run: string): Buffer | undefined {
  // The table writes a backslash and a tilde for these two, which they are not.
  if (/[\u00A5\u203E]/.test(run)) return undefined;
  const folded = iconv.encode(japaneseForm(run), 'shift_jis');
  if (folded.length !== run.length * 2) return undefined;
  const bytes = Buffer.alloc(folded.length);
  for (let at = 0; at < folded.length; at += 2) {
    const lead = folded[at] ?? 0;
    const trail = folded[at + 1] ?? 0;
    const second = trail >= 0x9f;
    const row = (lead < 0xa0 ? lead - 0x81 : lead - 0xc1) * 2 + (second ? 2 : 1);
    const cell = second ? trail - 0x9e : trail - (trail > 0x7f ? 0x40 : 0x3f);
    // Rows 9 to 15 and from 85 on are extensions of makers.
    if (lead < 0x81 || (lead > 0x9f && lead < 0xe0) || row > 84 || (row > 8 && row < 16)) return undefined;
    bytes[at] = row + 0x20;
    bytes[at + 1] = cell + 0x20;
  }
  return bytes;
}

function sequenceAt(bytes: Uint8Array, start: number): string {
  const three = String.fromCharCode(...bytes.subarray(start, start + 3));
  return (
    [three, three.slice(0, 2)].find((sequence) => SEQUENCES.has(sequence) || SHIFTED.has(sequence)) ?? ''
  );
}

/** Where the run of plain bytes ends: behind a line end, or before a switch. */
function runEnd(bytes: Uint8Array, start: number): number {
  for (let at = start; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === LF) return at + 1;
    if (byte === ESCAPE || byte === SHIFT_OUT || byte === SHIFT_IN) return at;
  }
  return bytes.length;
}

function readRun(run: Uint8Array, set: CharacterSet | 'roman' | undefined, strict: boolean): string {
  if (set === undefined || set === 'roman') {
    const text = Buffer.from(run).toString('latin1');
    if (strict && /[\x80-\xff]/.test(text)) throw new TypeError('8-bit bytes in a 7-bit charset');
    const plain = text.replace(/[\x80-\xff]/g, '\uFFFD');
    return set === 'roman' ? plain.replaceAll('\\', '\u00A5').replaceAll('~', '\u203E') : plain;
  }
  const bytes: number[] = [];
  for (let at = 0; at < run.length; ) {
    const byte = run[at] ?? 0;
    // Blanks and controls are themselves in every set of 94 characters.
    if (byte <= 0x20 || byte === 0x7f) {
      bytes.push(byte);
      at += 1;
      continue;
    }
    if (strict && byte > 0x7f) throw new TypeError('8-bit bytes in a 7-bit charset');
    if (set.prefix !== undefined) bytes.push(set.prefix);
    for (const part of run.subarray(at, at + set.width)) bytes.push(part | 0x80);
    at += set.width;
  }
  const text = iconv.decode(Buffer.from(bytes), set.charset);
  if (strict && text.includes('\uFFFD')) throw new TypeError(`Bytes that are not ${set.charset}`);
  return text;
}
