import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canEncode, canonicalCharset, decode, decodeStrict, encode } from '../../src/message/charset.ts';
import { runs } from '../support/properties.ts';
import { judge } from './python.ts';

/** What each charset can say, in characters on whose code all tables agree. */
const SAMPLES: readonly (readonly [string, string])[] = [
  ['us-ascii', 'plain'],
  ['utf-8', 'Grüße 日本 𠮷'],
  ['iso-8859-1', 'Grüße à la carte'],
  ['iso-8859-2', 'Zażółć gęślą jaźń'],
  ['iso-8859-5', 'Привет'],
  ['iso-8859-7', 'Καλημέρα'],
  ['iso-8859-8', 'שלום'],
  ['iso-8859-9', 'İstanbul ğüş'],
  ['iso-8859-13', 'Ąžuolas'],
  ['iso-8859-15', 'Œuvre à 5 €'],
  ['windows-1250', 'Zażółć „gęślą” jaźń'],
  ['windows-1251', 'Привет – мир'],
  ['windows-1252', 'Grüße – “quoted” €'],
  ['windows-1253', 'Καλημέρα'],
  ['windows-1254', 'İstanbul'],
  ['windows-1255', 'שלום'],
  ['windows-1256', 'مرحبا'],
  ['windows-1257', 'Ąžuolas'],
  ['windows-1258', 'Đông'],
  ['koi8-r', 'Привет, мир'],
  ['koi8-u', 'Привіт, Європо'],
  ['iso-2022-jp', '日本語のメール、ASCII と混在。'],
  ['euc-jp', '日本語のメール、ｶﾅも'],
  ['shift_jis', '日本語のメール、ｶﾅも'],
  ['gb2312', '你好，世界'],
  ['gbk', '你好，世界镕'],
  ['gb18030', '你好，世界镕𠮷'],
  ['big5', '你好，世界'],
  ['euc-kr', '안녕하세요'],
];

/** Charsets that are only read. */
const READ_ONLY: readonly (readonly [string, string])[] = [
  ['utf-7', 'Grüße & 日本'],
  ['utf-16', 'Grüße'],
  ['utf-16-be', 'Grüße'],
  ['iso-2022-kr', '안녕 hello\n두번째'],
  ['iso-2022-jp-1', '日本語丂'],
  ['iso-2022-jp-2', '日本 한국 中国'],
  ['iso-2022-jp-ext', '日本ｶﾅ'],
  ['cp949', '똠방각하'],
  ['cp932', '①髙'],
  ['big5hkscs', '你好'],
  ['hz', '~ 己所不欲，勿施于人。 ~A\n第二行 ok'],
  ['cp437', 'Grüße'],
];

/** Unicode has these characters twice; the Encoding Standard and Python chose different twins. */
const TWINS: ReadonlyMap<string, string> = new Map(
  [
    '～〜∼',
    '∥‖',
    '－−',
    '￠¢',
    '￡£',
    '￢¬',
    '￥¥',
    '―—',
    '・·',
    '‾¯',
    '•‧',
    '／∕',
    '♁⊕',
    '☉⊙',
    '､﹑',
    '＼﹨',
    '\uE7C7ḿ',
  ].flatMap(([one = '', ...others]) => others.map((other) => [other, one] as const)),
);
const twin = (said: string): string => Array.from(said, (found) => TWINS.get(found) ?? found).join('');

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('the same as Python', () => {
  const written = judge<string>('return value[1].encode(value[0]).decode("latin-1")', [
    ...SAMPLES,
    ...READ_ONLY,
  ]);

  test.each(SAMPLES.map(([charset, text], index) => [charset, text, written[index] ?? ''] as const))(
    '%s',
    (charset, text, bytes) => {
      expect(latin1(encode(text, charset) ?? Buffer.of())).toBe(bytes);
      expect(decodeStrict(bytesOf(bytes), charset)).toBe(text);
      expect(decode(bytesOf(bytes), charset.toUpperCase())).toBe(text);
    },
  );

  test.each(
    READ_ONLY.map(
      ([charset, text], index) => [charset, text, written[SAMPLES.length + index] ?? ''] as const,
    ),
  )('reading %s', (charset, text, bytes) => {
    expect(decode(bytesOf(bytes), charset)).toBe(text);
  });

  test.each(['gb2312', 'gbk', 'big5', 'euc-kr', 'euc-jp', 'shift_jis'])(
    'each character that we write in %s, Python reads',
    (charset) => {
      const characters = Array.from({ length: 0x1_0000 }, (_, code) => String.fromCharCode(code));
      const samples = characters.flatMap((character) => {
        const bytes = encode(character, charset);
        return bytes ? [[character, latin1(bytes)] as const] : [];
      });
      expect(samples.length).toBeGreaterThan(6000);
      const read = judge<string>(
        `return [part.encode("latin-1").decode("${charset}", "replace") for part in value]`,
        [samples.map(([, bytes]) => bytes)],
      ).flat();
      const differing = samples.filter(([character], index) => twin(read[index] ?? '') !== twin(character));
      expect(differing).toEqual([]);
    },
  );

  test('whatever we write, Python reads', () => {
    const charsets = SAMPLES.map(([charset]) => charset);
    const characters = SAMPLES.flatMap(([, text]) => Array.from(text));
    const text = fc
      .array(fc.oneof(fc.constantFrom(...characters), fc.string({ unit: 'grapheme', maxLength: 2 })), {
        maxLength: 12,
      })
      .map((pieces) => pieces.join('').replace(/[\p{C}]/gu, ''));
    const samples = fc
      .sample(fc.tuple(fc.constantFrom(...charsets), text), { numRuns: runs(1000) })
      .flatMap(([charset, said]) => {
        const bytes = encode(said, charset);
        return bytes ? [{ charset, said, bytes: latin1(bytes) }] : [];
      });
    expect(samples.length).toBeGreaterThan(150);
    const read = judge<string>('return value["bytes"].encode("latin-1").decode(value["charset"])', samples);
    for (const [index, { charset, said }] of samples.entries())
      expect([charset, twin(read[index] ?? '')]).toEqual([charset, twin(said)]);
  });
});

describe('what a charset cannot say', () => {
  test.each([
    ['us-ascii', 'é'],
    ['iso-8859-1', '€'],
    ['iso-2022-jp', '①'],
    ['iso-2022-jp', '日\x0e'],
    ['iso-2022-jp', '日\x0f'],
    ['iso-2022-jp', 'ｱ'],
    ['iso-2022-jp', 'é'],
    ['iso-2022-jp', '¥'],
    ['euc-jp', '한'],
    ['euc-jp', '①'],
    ['shift_jis', '髙'],
    ['gb2312', '镕'],
    ['gb2312', 'ⅰ'],
    ['gb2312', '\uE766'],
    ['gbk', 'ḿ'],
    ['cp950', 'è'],
    ['euc-kr', '똠'],
    ['ks_c_5601-1987', '똠'],
    ['windows-1252', '\uFFFD'],
    ['koi8-r', 'é'],
    ['utf-8', '\ud800'],
    ['x-nobody', 'a'],
    ['unknown-8bit', 'a'],
    ['utf-7', 'a'],
  ])('%s has no %j', (charset, text) => {
    expect(canEncode(text, charset)).toBe(false);
    expect(canEncode(`before ${text} after?`, charset)).toBe(false);
  });

  test('a question mark is a character', () => {
    for (const [charset, text] of SAMPLES) expect(canEncode(`${text}??`, charset)).toBe(true);
  });
});

describe('bytes that are not what they are said to be', () => {
  const euc = bytesOf('\xc6\xfc\xcb\xdc\xb8\xec\xa4\xce\xa5\xe1\xa1\xbc\xa5\xeb');
  test.each([
    ['UTF-8 without a charset', undefined, Buffer.from('Grüße'), [], 'Grüße'],
    ['UTF-8 as ASCII', 'us-ascii', Buffer.from('Grüße'), [], 'Grüße'],
    ['Latin-1 as UTF-8', 'utf-8', bytesOf('Gr\xfc\xdfe'), [], 'Grüße'],
    ['Latin-1 as ASCII', 'us-ascii', bytesOf('Gr\xfc\xdfe'), [], 'Grüße'],
    ['Windows in Latin-1', 'iso-8859-1', bytesOf('\x93quoted\x94'), [], '“quoted”'],
    ['EUC-JP without a charset on a Japanese list', undefined, euc, ['euc-jp'], '日本語のメール'],
    ['KOI8-R without a charset on a Russian list', undefined, bytesOf('\xf0\xd2\xc9'), ['koi8-r'], 'При'],
    ['ISO-2022-JP without a charset', undefined, bytesOf('\x1b$BF|K\\\x1b(B'), [], '日本'],
    ['EUC-JP cut in a character', 'euc-jp', euc.subarray(0, -1), ['iso-8859-1'], '日本語のメー\uFFFD'],
    ['UTF-8 cut in a character', 'utf-8', Buffer.from('日本語').subarray(0, -1), [], '日本\uFFFD'],
    ['an unknown charset', 'x-nobody', Buffer.from('Grüße'), [], 'Grüße'],
    ['a charset with quotes', '"utf-8"', Buffer.from('Grüße'), [], 'Grüße'],
    ['x-user-defined', 'x-user-defined', bytesOf('Gr\xfc\xdfe'), [], 'Grüße'],
  ])('%s', (_, charset, bytes, fallbacks, expected) => {
    expect(decode(bytes, charset, { fallbacks })).toBe(expected);
  });

  test('ISO-2022-JP returns to ASCII at a line end', () => {
    expect(decode(bytesOf('\x1b$BF|\nplain'), 'iso-2022-jp')).toBe('日\nplain');
  });

  test('any bytes in any charset give some text', () => {
    const labels = [...SAMPLES, ...READ_ONLY].map(([charset]) => charset);
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 60 }),
        fc.constantFrom(...labels, undefined, 'x-nobody', ''),
        (bytes, label) => {
          expect(decode(bytes, label, { fallbacks: ['iso-2022-jp'] }).isWellFormed()).toBe(true);
        },
      ),
      { numRuns: runs(2000) },
    );
  });
});

test.each([
  ['ASCII', 'us-ascii'],
  ['ansi_x3.4-1968', 'us-ascii'],
  ['UTF8', 'utf-8'],
  ['latin1', 'iso-8859-1'],
  ['ISO_8859-1', 'iso-8859-1'],
  ['cp1252', 'windows-1252'],
  ['iso-8859-15', 'iso-8859-15'],
  ['Shift-JIS', 'shift_jis'],
  ['sjis', 'shift_jis'],
  ['ks_c_5601-1987', 'euc-kr'],
  ['csISO2022JP', 'iso-2022-jp'],
  ['unknown-8bit', undefined],
  ['', undefined],
  ['x-nobody', undefined],
  ['__proto__', undefined],
])('%s is known as %s', (label, expected) => {
  expect(canonicalCharset(label)).toBe(expected);
});
