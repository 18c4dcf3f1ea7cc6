import fc from 'fast-check';
import type { Description } from './description.ts';

/**
 * Generators of values as descriptions. Text for keys and byte strings for keys never have the same characters: to
 * Python 2 and to us `'a'` and `u'a'` are one key, to Python 3 they are two.
 */

const byteText = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom(
    '\ud800',
    'a\udfffb',
    '\ufeffstart',
    '\ufffd',
    '\\u0041',
    '\\\\u0041\\',
    'line\r\nline\0\x1a',
    '\x85\xa0',
  ),
);

const ints = fc
  .oneof(
    fc.integer(),
    fc.integer({ min: -300, max: 70_000 }),
    fc.constantFrom(-(2 ** 31), 2 ** 31 - 1, 2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER),
  )
  .map((value): Description => ['i', String(value)]);
const longs = fc
  .oneof(
    fc.bigInt(),
    fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
    fc.constantFrom(
      0n,
      -1n,
      127n,
      128n,
      -128n,
      -129n,
      255n,
      256n,
      2n ** 63n,
      -(2n ** 63n),
      10n ** 600n,
      -(2n ** 2048n),
    ),
  )
  .map((value): Description => ['L', String(value)]);
const floats = fc
  .oneof(fc.double(), fc.constantFrom(0, -0, 5, 1e22, -1e-7, 1710486000.123456))
  .map((value): Description => ['f', hex(value)]);

function hex(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes.toString('hex').toUpperCase();
}

const byteStrings = byteText.map((value): Description => ['b', value]);
const texts = anyText.map((value): Description => ['u', value]);
const byteArrays = byteText.map((value): Description => ['a', value]);
const flags = fc.constantFrom<Description>(null, true, false);

const keyLeaves = fc.oneof(
  flags,
  ints,
  longs,
  floats.filter((description) => JSON.stringify(description) !== '["f","nan"]'),
  byteText.map((value): Description => ['b', `b${value}`]),
  anyText.map((value): Description => ['u', `u${value}`]),
);
const keys = fc.oneof(
  { weight: 4, arbitrary: keyLeaves },
  {
    weight: 1,
    arbitrary: fc.array(keyLeaves, { maxLength: 4 }).map((items): Description => ['t', ...items]),
  },
);

/** Python keeps the first spelling of equal keys, and so do we; which one is first is not kept by a set. */
const distinctLeaves = fc.uniqueArray(
  fc.oneof(
    fc.integer().map((value): Description => ['i', String(value)]),
    byteText.map((value): Description => ['b', `b${value}`]),
    anyText.map((value): Description => ['u', `u${value}`]),
  ),
  { maxLength: 6, selector: (leaf) => JSON.stringify(leaf) },
);

const OLD_STYLE_CLASSES = [
  ['Mailman.Bouncer', '_BounceInfo'],
  ['Mailman.Message', 'Message'],
];
const classes = fc.constantFrom(['generated.module', 'Thing'], ['email.header', 'Header']);

export interface Kinds {
  /** Old-style instances, which only Python 2 can write. */
  oldStyle: boolean;
}

/** Any value that pickles can hold. */
export function values(kinds: Kinds): fc.Arbitrary<Description> {
  const { value } = fc.letrec<{ value: Description; state: Description }>((tie) => {
    const value = tie('value');
    const items = fc.array(value, { maxLength: 5 });
    const entries = fc.array(fc.tuple(keys, value), { maxLength: 5 });
    const dict = entries.map((pairs): Description => ['d', ...pairs]);
    const oldStyle = fc
      .tuple(fc.constantFrom(...OLD_STYLE_CLASSES), items, dict)
      .map(([cls, args, state]): Description => ['o', ...cls, 'old-style', args, null, state, null, null]);
    const instance = fc
      .tuple(
        classes,
        fc.constantFrom('call', 'new'),
        items,
        tie('state'),
        fc.option(items),
        fc.option(entries),
      )
      .map(([cls, making, args, state, list, pairs]): Description => {
        const listItems = list === null || list.length === 0 ? null : ['l', ...list];
        const dictItems = pairs === null || pairs.length === 0 ? null : ['d', ...pairs];
        return ['o', ...cls, making, args, null, state, listItems, dictItems];
      });
    const reconstructed = fc.tuple(classes, tie('state')).map(([cls, state]): Description => {
      const args: Description[] = [['g', '__builtin__', 'object'], null];
      return ['o', ...cls, 'reconstructor', args, null, state, null, null];
    });
    return {
      state: fc.oneof(
        dict,
        fc.tuple(dict, dict).map((pair): Description => ['t', ...pair]),
      ),
      value: fc.oneof(
        { depthSize: 'medium', maxDepth: 6, withCrossShrink: true },
        flags,
        ints,
        longs,
        floats,
        byteStrings,
        texts,
        byteArrays,
        items.map((list): Description => ['l', ...list]),
        items.map((tuple): Description => ['t', ...tuple]),
        dict,
        distinctLeaves.map((set): Description => ['s', ...set]),
        distinctLeaves.map((set): Description => ['fs', ...set]),
        classes.map((cls): Description => ['g', ...cls]),
        instance,
        kinds.oldStyle ? oldStyle : instance,
        reconstructed,
      ),
    };
  });
  return fc.oneof(
    value,
    fc.array(value, { maxLength: 4 }).map((list): Description => ['l', ...list]),
  );
}
