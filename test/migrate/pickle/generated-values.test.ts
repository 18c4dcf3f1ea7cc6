import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { readPickle } from '../../../migrate/pickle/reader.ts';
import { writePickle } from '../../../migrate/pickle/writer.ts';
import { runs } from '../../support/properties.ts';
import { buildValue, describeValue, PYTHON2_SEES, PYTHON3_SEES, seenBy } from './description.ts';
import { values } from './generated.ts';
import { Judge, PYTHON2, PYTHON3 } from './judge.ts';

const PROTOCOL_1 = new Set(
  (
    'MARK STOP NONE INT LONG BININT BININT1 BININT2 BINFLOAT BINSTRING SHORT_BINSTRING BINUNICODE EMPTY_LIST APPEND ' +
    'APPENDS EMPTY_TUPLE TUPLE EMPTY_DICT SETITEM SETITEMS GLOBAL OBJ REDUCE BUILD BINPUT LONG_BINPUT BINGET LONG_BINGET'
  ).split(' '),
);

const judges = [
  { name: 'Python 3', python: PYTHON3, sees: PYTHON3_SEES, protocols: [0, 1, 2, 3, 4, 5], oldStyle: false },
  ...(PYTHON2 === undefined
    ? []
    : [{ name: 'Python 2', python: PYTHON2, sees: PYTHON2_SEES, protocols: [0, 1, 2], oldStyle: true }]),
];

describe.each(judges)('generated values and $name', ({ python, sees, protocols, oldStyle }) => {
  const judge = new Judge(python);
  afterAll(() => judge.stop());

  test('what it writes in any protocol, we read as it reads it', async () => {
    await fc.assert(
      fc.asyncProperty(
        values({ oldStyle }),
        fc.constantFrom(...protocols),
        fc.boolean(),
        async (value, protocol, pure) => {
          const pickle = await judge.dump(value, protocol, pure);
          const expected = await judge.load(pickle);
          expect([seenBy(sees, describeValue(readPickle(pickle)))]).toEqual(
            expected.map((each) => seenBy(sees, each)),
          );
        },
      ),
      { numRuns: runs(400) },
    );
  });

  test('what we write, it reads as the value that was meant', async () => {
    await fc.assert(
      fc.asyncProperty(values({ oldStyle: true }), fc.constantFrom(0, 1, 2), async (value, protocol) => {
        const built = buildValue(value);
        const pickle = writePickle(built, protocol);
        expect((await judge.load(pickle)).map((each) => seenBy(sees, each))).toEqual([
          seenBy(sees, describeValue(built)),
        ]);
      }),
      { numRuns: runs(400) },
    );
  });

  test('protocol 1 uses the opcodes of protocol 1 only, and pickletools finds no fault', async () => {
    await fc.assert(
      fc.asyncProperty(values({ oldStyle: true }), async (value) => {
        const opcodes = await judge.opcodes(writePickle(buildValue(value), 1));
        expect(opcodes.filter((opcode) => !PROTOCOL_1.has(opcode))).toEqual([]);
      }),
      { numRuns: runs(300) },
    );
  });
});

test('what we write, we read as the same value, shared parts included', () => {
  fc.assert(
    fc.property(values({ oldStyle: true }), fc.constantFrom(0, 1, 2), (value, protocol) => {
      const pickle = writePickle(buildValue(value), protocol);
      expect(writePickle(readPickle(pickle), protocol).equals(pickle)).toBe(true);
    }),
    { numRuns: runs(1000) },
  );
});
