import { afterAll, describe, expect, test } from 'vitest';
import { PickleError, PickleWriteError } from '../../../migrate/pickle/errors.ts';
import { readPickle } from '../../../migrate/pickle/reader.ts';
import {
  isInstanceOf,
  numberOf,
  PyBytes,
  PyDict,
  PyFloat,
  PyGlobal,
  PyInstance,
  PyTuple,
} from '../../../migrate/pickle/values.ts';
import { writePickle } from '../../../migrate/pickle/writer.ts';
import { describeValue, PYTHON3_SEES, seenBy } from './description.ts';
import { repeated } from './hostile.ts';
import { Judge, PYTHON3 } from './judge.ts';

const judge = new Judge(PYTHON3);
afterAll(() => judge.stop());

describe('objects are records', () => {
  test('a call of os.system is read as the record of a call, and nothing happens', () => {
    const value = readPickle(repeated("cos\nsystem\n(S'exit 1'\ntR."));
    expect(value).toEqual(new PyInstance(new PyGlobal('os', 'system'), 'call', [new PyBytes('exit 1')]));
  });

  test('a bounce record as Mailman 2.1 writes it', () => {
    const value = readPickle(
      repeated('(cMailman.Bouncer\n_BounceInfo\no}(U\x05scoreG\x3f\xf0\0\0\0\0\0\0U\x06cookieNub.'),
    );
    expect(isInstanceOf(value, 'Mailman.Bouncer._BounceInfo')).toBe(true);
    expect(isInstanceOf(value, 'Mailman.Bouncer.Bouncer')).toBe(false);
    if (!isInstanceOf(value, 'Mailman.Bouncer._BounceInfo')) return;
    expect(numberOf(value.get('score'))).toBe(1);
    expect(value.get('cookie')).toBeNull();
    expect(value.get('date')).toBeUndefined();
  });

  test('the class whose instance an old-style record becomes is named as given', async () => {
    const attributes = new PyDict([[new PyBytes('member'), new PyBytes('anna@example.com')]]);
    const pickle = writePickle(PyInstance.oldStyle('Mailman.Bouncer', '_BounceInfo', attributes));
    expect(await judge.opcodes(pickle)).toEqual(
      'MARK GLOBAL OBJ EMPTY_DICT SHORT_BINSTRING SHORT_BINSTRING SETITEM BUILD STOP'.split(' '),
    );
  });
});

describe('values that contain themselves', () => {
  const cycles: [string, string][] = [
    ['a list', ']q\0h\0a.'],
    ['a dict', '}q\0K\x01h\0s.'],
    ['a tuple through a list', '(]q\0(h\0tq\x01a1h\x01.'],
    ['a tuple through two lists', '(]q\0(h\0]q\x01(h\0h\x01tq\x02a1h\x02ah\x011h\x02.'],
    ['a tuple of one through a list', '\x80\x02]q\0h\0\x85q\x01a0h\x01.'],
    ['an object', '(cMailman.Message\nMessage\noq\0}U\x04selfh\0sb.'],
  ];

  test.each(cycles)('%s: refused unless asked for', async (_, text) => {
    expect(() => readPickle(repeated(text))).toThrow(/^Pickle, byte \d+: STOP: a value contains itself$/);
    const value = readPickle(repeated(text), { cycles: true });
    const expected = (await judge.load(repeated(text))).map((each) => seenBy(PYTHON3_SEES, each));
    expect([seenBy(PYTHON3_SEES, describeValue(value))]).toEqual(expected);
    for (const protocol of [0, 1, 2] as const) {
      const again = await judge.load(writePickle(value, protocol));
      expect(again.map((each) => seenBy(PYTHON3_SEES, each))).toEqual(expected);
    }
  });
});

describe('what cannot be written', () => {
  test.each([
    ['a fraction as an int', 0.5],
    ['an unsafe number as an int', 2 ** 60],
    ['a class with a newline in its name', new PyGlobal('os\nsystem', 'x')],
    ['keyword arguments', new PyInstance(new PyGlobal('m', 'C'), 'new', [], new PyDict())],
  ])('%s', (_, value) => {
    expect(() => writePickle(value)).toThrow(PickleWriteError);
  });
});

test('deep nesting is written without recursion, and read if allowed', () => {
  let value = new PyTuple([]);
  for (let i = 0; i < 100_000; i++) value = new PyTuple([value, new PyFloat(i)]);
  for (const protocol of [0, 1, 2] as const) {
    const pickle = writePickle(value, protocol);
    expect(writePickle(readPickle(pickle, { depth: 200_000 }), protocol).equals(pickle)).toBe(true);
    expect(() => readPickle(pickle)).toThrow(PickleError);
  }
});
