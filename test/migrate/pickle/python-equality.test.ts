import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { UnhashableError } from '../../../migrate/pickle/errors.ts';
import { readPickle } from '../../../migrate/pickle/reader.ts';
import {
  type PickleValue,
  PyBytes,
  PyDict,
  PyFloat,
  PySet,
  PyTuple,
} from '../../../migrate/pickle/values.ts';
import { writePickle } from '../../../migrate/pickle/writer.ts';
import { runs } from '../../support/properties.ts';
import { describeValue, PYTHON2_SEES, PYTHON3_SEES, seenBy } from './description.ts';
import { repeated } from './hostile.ts';
import { Judge, PYTHON2, PYTHON3 } from './judge.ts';

const numbers: PickleValue[] = [
  ...[0, 1, -1, 2 ** 40, true, false, 0n, 1n, 2n ** 40n, 2n ** 60n, 2n ** 60n + 1n, null],
  ...[0, -0, 1, -1, 0.5, 2 ** 40, 2 ** 60, Number.POSITIVE_INFINITY, 1e300].map(
    (value) => new PyFloat(value),
  ),
];
const text: PickleValue[] = ['', 'a', '1', '\0', '\0ba', '\0i1', 'é', 'Ã©', '€', '\0ué'];
const bytes = ['', 'a', '1', '\0', '\0a', '\0i1', 'é', 'Ã©', '\0ué'].map((latin1) => new PyBytes(latin1));

/** The pickle of a dict into which these keys are stored one after the other. */
function storing(keys: readonly PickleValue[]): Buffer {
  const stored = keys.map((key, i) => Buffer.concat([body(key), body(i), repeated('s')]));
  return Buffer.concat([repeated('}'), ...stored, repeated('.')]);
}

function body(value: PickleValue): Buffer {
  return writePickle(value, 1).subarray(0, -1);
}

function keysFrom(leaves: readonly PickleValue[]): fc.Arbitrary<PickleValue[]> {
  const leaf = fc.constantFrom(...leaves);
  const tuple = fc.array(leaf, { maxLength: 2 }).map((items): PickleValue => new PyTuple(items));
  const nested = fc.tuple(leaf, tuple).map((items): PickleValue => new PyTuple(items));
  const set = fc.array(leaf, { maxLength: 3 }).map((items): PickleValue => new PySet(items, true));
  return fc.array(fc.oneof(leaf, leaf, tuple, nested, set), { maxLength: 12 });
}

const judges = [
  { name: 'Python 3, text keys', python: PYTHON3, sees: PYTHON3_SEES, leaves: [...numbers, ...text] },
  { name: 'Python 3, bytes keys', python: PYTHON3, sees: PYTHON3_SEES, leaves: [...numbers, ...bytes] },
  ...(PYTHON2 === undefined
    ? []
    : [
        {
          name: 'Python 2, all keys',
          python: PYTHON2,
          sees: PYTHON2_SEES,
          leaves: [...numbers, ...text, ...bytes],
        },
      ]),
];

test.each(judges)('keys that are equal in Python are one key: $name', async ({ python, sees, leaves }) => {
  const judge = new Judge(python);
  afterAll(() => judge.stop());
  await fc.assert(
    fc.asyncProperty(keysFrom(leaves), async (keys) => {
      const pickle = storing(keys);
      const expected = await judge.load(pickle);
      expect([seenBy(sees, describeValue(readPickle(pickle)))]).toEqual(
        expected.map((each) => seenBy(sees, each)),
      );
    }),
    { numRuns: runs(1000) },
  );
});

test('a name finds its value whether the key is bytes or text', () => {
  const dict = new PyDict([
    [new PyBytes('real_name'), 1],
    ['__proto__', 2],
    [new PyTuple([2024, 'a']), 3],
  ]);
  expect(dict.get('real_name')).toBe(1);
  expect(dict.get(PyBytes.utf8('__proto__'))).toBe(2);
  expect(dict.get(new PyTuple([2024n, new PyBytes('a')]))).toBe(3);
  expect(dict.get('constructor')).toBeUndefined();
  expect(dict.set(new PyBytes('__proto__'), 4).size).toBe(3);
  expect([...dict][1]).toEqual(['__proto__', 4]);
});

test.each([[[]], [new PyDict()], [new PySet()], [new PyTuple([[]])]])('%o cannot be a key', (key) => {
  expect(() => new PyDict().set(key, 1)).toThrow(UnhashableError);
});
