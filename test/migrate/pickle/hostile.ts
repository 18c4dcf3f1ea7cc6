/** Pickles that try to use up time or memory. Each is built only when asked for. */

/** The bytes of these characters, so many times. */
export function repeated(characters: string, times = 1): Buffer {
  return Buffer.alloc(characters.length * times, characters, 'latin1');
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function pickle(...parts: Buffer[]): Buffer {
  return Buffer.concat([...parts, repeated('.')]);
}

const MILLION = 1_000_000;

/** A value that holds the one before it twice, 200 times over. */
function doublings(open: string, close: string): Buffer {
  return Buffer.concat(
    Array.from({ length: 200 }, (_, i) =>
      Buffer.from(`${open}h${chr(i)}h${chr(i)}${close}q${chr(i + 1)}`, 'latin1'),
    ),
  );
}

function chr(code: number): string {
  return String.fromCharCode(code);
}

function intKeys(): Buffer {
  return Buffer.concat(
    Array.from({ length: MILLION }, (_, i) => Buffer.from([0x4a, i, i >> 8, i >> 16, 0, 0x4e, 0x73])),
  );
}

function memoNumbers(step: number): Buffer {
  return Buffer.concat(
    Array.from({ length: MILLION / 2 }, (_, i) => Buffer.concat([repeated('r'), uint32(i * step)])),
  );
}

export const HOSTILE: Readonly<Record<string, () => Buffer>> = {
  '20 million marks': () => repeated('(', 20 * MILLION),
  'a million marks and tuples': () => pickle(repeated('(', MILLION), repeated('t', MILLION)),
  'a million lists in each other': () => pickle(repeated(']', MILLION), repeated('a', MILLION - 1)),
  '20 million lists in each other': () =>
    pickle(repeated(']', 20 * MILLION), repeated('a', 20 * MILLION - 1)),
  'half a million tuples in each other': () => pickle(repeated(')'), repeated('\x85', MILLION / 2)),
  '20 million tuples in each other': () => pickle(repeated(')'), repeated('\x85', 20 * MILLION)),
  '20 million dicts': () => repeated('}', 20 * MILLION),
  'a list of 10 million dicts': () => pickle(repeated(']'), repeated('}a', 10 * MILLION)),
  'a list of 10 million lists': () => pickle(repeated(']'), repeated(']a', 10 * MILLION)),
  'a list of 10 million references': () =>
    pickle(repeated(']q\0U\x01aq\x010'), repeated('h\x01a', 10 * MILLION)),
  'one MARK with a million items': () => pickle(repeated(']('), repeated('K\x01', MILLION), repeated('e')),
  'one MARK with 900,000 strings': () => pickle(repeated(']('), repeated('U\x01a', 900_000), repeated('e')),
  '20 million values left on the stack': () => repeated('N', 20 * MILLION),
  '75 million values thrown away': () => repeated('N0', 75 * MILLION),
  'lists that double 200 times': () => pickle(repeated(']q\0'), doublings('](', 'e')),
  'tuples that double 200 times': () => pickle(repeated(')q\0'), doublings('(', 't')),
  'a key of tuples that double': () => pickle(repeated('}()q\0'), doublings('(', 't'), repeated('1h\xc8Ns')),
  'one long string a million times': () =>
    pickle(
      repeated(']T'),
      uint32(MILLION),
      repeated('a', MILLION),
      repeated('q\0a'),
      repeated('h\0a', MILLION),
    ),
  'one long key a million times': () =>
    pickle(
      repeated('}X'),
      uint32(MILLION),
      repeated('\xc3\xa4', MILLION / 2),
      repeated('q\0Ns'),
      repeated('h\0Ns', MILLION),
    ),
  'a large set made a million times': () =>
    pickle(
      repeated(']q\0('),
      repeated('K\x01', 100_000),
      repeated('e0c__builtin__\nset\nq\x010'),
      repeated('h\x01(h\0tR', MILLION),
    ),
  'a million keys': () => pickle(repeated('}'), intKeys()),
  'a number of 10 million digits': () => pickle(repeated('L'), repeated('9', 10 * MILLION), repeated('L\n')),
  'a number of 4 million bytes': () =>
    pickle(repeated('\x8b'), uint32(4 * MILLION), repeated('\x7f', 4 * MILLION)),
  '20,000 numbers of 4,300 digits': () => repeated(`L${'9'.repeat(4300)}L\n0`, 20_000),
  'a string of 20 million escapes': () =>
    pickle(repeated("S'"), repeated('\\n', 20 * MILLION), repeated("'\n")),
  'a text of 5 million escapes': () =>
    pickle(repeated('V'), repeated('\\u00e4', 5 * MILLION), repeated('\n')),
  'a text of 10 million lone surrogates': () =>
    pickle(repeated('X'), uint32(30 * MILLION), repeated('\xed\xa0\x80', 10 * MILLION)),
  'memo numbers far apart': () => pickle(repeated('N'), memoNumbers(5000)),
  'half a million memo numbers': () => pickle(repeated('N'), memoNumbers(1)),
  'a million objects': () => pickle(repeated(']ca\nb\nq\x000'), repeated('(h\0oa', MILLION)),
  '2 million classes': () => repeated('ca\nb\n', 2 * MILLION),
  'a million floats': () =>
    pickle(repeated(']('), repeated('G\x01\x02\x03\x04\x05\x06\x07\x08', MILLION), repeated('e')),
  '5 million lines': () => repeated('I1\n0', 5 * MILLION),
  '2 gigabytes claimed by BINSTRING': () => pickle(repeated('T'), uint32(0x7fffffff), repeated('a', 100)),
  'a negative length in BINSTRING': () => pickle(repeated('T'), uint32(0xffffffff), repeated('a', 100)),
  'a negative length in LONG4': () => pickle(repeated('\x8b'), uint32(0xffffffff), repeated('a', 100)),
  '4 gigabytes claimed by BINBYTES': () => pickle(repeated('K\x01B\xfb\xff\xff\xff')),
  '2^63 bytes claimed by BINUNICODE8': () => pickle(repeated('\x8d\0\0\0\0\0\0\0\x80'), repeated('a', 100)),
  '2^40 bytes claimed by a frame': () => pickle(repeated('\x80\x04\x95\0\0\0\0\0\x01\0\0N')),
};
