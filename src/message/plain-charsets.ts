/** Whether two bytes, as one number, are a character of the standard itself. */
type IsPlain = (pair: number) => boolean;

const trail = (pair: number): number => pair & 0xff;

/** GB 2312: the rows of GBK that strangers know, without what Microsoft added in between. */
const isGb2312: IsPlain = (pair) => {
  if (pair < 0xa1a1 || pair > 0xf7fe || trail(pair) < 0xa1) return false;
  if (pair > 0xd7f9 && pair < 0xd8a1) return false;
  const row = pair >> 8;
  if (row === 0xa2) return pair >= 0xa2b1;
  if (row === 0xa6) return pair <= 0xa6d8;
  if (row === 0xa8) return pair <= 0xa8ba || pair >= 0xa8c5;
  return row <= 0xa9 || row >= 0xb0;
};

/** GBK of 1995: what came with GB 18030, and what users may define, is not in it. */
const isGbk: IsPlain = (pair) => {
  const isFreeToUse =
    (pair >= 0xa140 && pair <= 0xa7a0 && trail(pair) < 0xa1) ||
    (pair >= 0xaaa1 && pair < 0xb000 && trail(pair) >= 0xa1) ||
    (pair >= 0xf8a1 && trail(pair) >= 0xa1);
  return pair >= 0x8140 && !isFreeToUse && pair < 0xfe50 && !isGb18030Only(pair);
};

const isGb18030Only: IsPlain = (pair) =>
  pair === 0xa8bc || pair === 0xa8bf || (pair >= 0xa989 && pair <= 0xa995);

/** KS X 1001; its filler of syllables stands for nothing alone. */
const isKsX1001: IsPlain = (pair) => pair >= 0xa1a1 && trail(pair) >= 0xa1 && pair !== 0xa4d4;

/** Big5 of 1984 with the extensions of ETEN that all have. */
const isBig5: IsPlain = (pair) =>
  (pair >= 0xa140 && pair <= 0xa3bf) ||
  (pair >= 0xa440 && pair <= 0xc67e) ||
  (pair >= 0xc940 && pair <= 0xf9d5);

/** The Big5 of Hong Kong in 2004, without the currency and control signs that ETEN added. */
const isBig5Hkscs: IsPlain = (pair) => pair >= 0x8840 && (pair < 0xa3c0 || pair > 0xa3e1);

/** JIS X 0208 in Shift_JIS: without row 13 of NEC and the kanji of IBM; half-width katakana are single bytes. */
const isShiftJis: IsPlain = (pair) =>
  pair >= 0x8140 && (pair < 0x8740 || pair >= 0x889f) && (pair <= 0x9ffc || pair >= 0xe040) && pair <= 0xeaa4;

/** JIS X 0208 in EUC, and half-width katakana: without row 13 of NEC and the kanji of IBM. */
const isEucJp: IsPlain = (pair) =>
  pair >= 0x8ea1 && (pair < 0xada1 || pair >= 0xb0a1) && pair <= 0xf4a6 && trail(pair) >= 0xa1;

/** By the names that the Encoding Standard gives, for labels that are not below. */
const PLAIN: ReadonlyMap<string, IsPlain> = new Map([
  ['gbk', isGb2312],
  ['euc-kr', isKsX1001],
  ['big5', isBig5],
  ['shift_jis', isShiftJis],
  ['euc-jp', isEucJp],
]);

/** Labels of the extended charsets; undefined where whoever knows the label knows the whole table. */
const EXTENDED: ReadonlyMap<string, IsPlain | undefined> = new Map([
  ...['gbk', 'x-gbk', 'cp936', 'windows-936', 'ms936'].map((label) => [label, isGbk] as const),
  ...['big5-hkscs', 'big5hkscs'].map((label) => [label, isBig5Hkscs] as const),
  ...['cp949', 'uhc', 'windows-949', 'cp932', 'windows-932', 'windows-31j', 'ms932'].map(
    (label) => [label, undefined] as const,
  ),
]);

/**
 * Whether strict readers, such as Python, take these bytes under this label. The tables of the Encoding Standard hold
 * the extensions of Microsoft, NEC, IBM and Hong Kong too.
 *
 * @param label lower case, without quotes
 * @param name what the Encoding Standard calls it
 */
export function isPlain(bytes: Buffer, label: string, name: string): boolean {
  const isPair = EXTENDED.has(label) ? EXTENDED.get(label) : PLAIN.get(name);
  if (!isPair) return true;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte <= 0x7f || (isPair === isShiftJis && byte >= 0xa1 && byte <= 0xdf)) continue;
    if (at + 1 === bytes.length || !isPair(bytes.readUInt16BE(at))) return false;
    at += 1;
  }
  return true;
}
