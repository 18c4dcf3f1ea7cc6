import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { PickleError } from '../../../migrate/pickle/errors.ts';
import { eachPickle, readPickle, readPickles } from '../../../migrate/pickle/reader.ts';
import { writePickle } from '../../../migrate/pickle/writer.ts';
import { runs } from '../../support/properties.ts';
import { repeated } from './hostile.ts';
import { Judge, PYTHON3 } from './judge.ts';

const SITE = new URL('../../../fixtures/mailman21', import.meta.url).pathname;
const config = readFileSync(`${SITE}/lists/members-lab/config.pck`);
const pending = readFileSync(`${SITE}/lists/members-lab/pending.pck`);
const held = readFileSync(`${SITE}/data/heldmsg-plain-4.pck`);
const judge = new Judge(PYTHON3);
afterAll(() => judge.stop());

/** Reads what may be damaged: a value that can be written again, or an error that says where. */
function readOrRefuse(bytes: Buffer): void {
  try {
    for (const value of readPickles(bytes)) writePickle(value, 2);
  } catch (error) {
    if (!(error instanceof PickleError) && !/^(Pickle|Python 2)/.test(String(error))) throw error;
    if (!(error instanceof PickleError)) return;
    expect(error.message).toMatch(/^Pickle, byte \d+: [^\n]+$/);
    expect(error.offset).toBeLessThanOrEqual(bytes.length);
  }
}

describe('a file that was cut', () => {
  test.each([
    ['a held message', held],
    ['pending requests', pending],
  ])('%s, cut at any byte, is refused by us and by Python', async (_, bytes) => {
    for (let length = 1; length < bytes.length; length++) {
      expect(() => readPickle(bytes.subarray(0, length))).toThrow(PickleError);
      await expect(judge.load(bytes.subarray(0, length))).rejects.toThrow();
    }
  });

  test('a list, cut anywhere, is refused', () => {
    fc.assert(
      fc.property(fc.nat({ max: config.length - 1 }), (length) => {
        expect(() => readPickle(config.subarray(0, length))).toThrow(PickleError);
      }),
      { numRuns: runs(200) },
    );
  });
});

describe('a file that was damaged', () => {
  test('random bytes are read or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => readOrRefuse(Buffer.from(bytes))),
      { numRuns: runs(3000) },
    );
  });

  test('random opcodes are read or refused', () => {
    const opcode = fc.constantFrom(
      ...'(]}).NaeltsudbRoc021qhK\x81\x85\x86\x87\x8f\x90\x91\x92\x93\x94'.split(''),
    );
    fc.assert(
      fc.property(fc.array(opcode, { maxLength: 60 }), (opcodes) => readOrRefuse(repeated(opcodes.join('')))),
      { numRuns: runs(3000) },
    );
  });

  test.each([
    ['a list', config],
    ['pending requests', pending],
    ['a held message', held],
  ])('%s with flipped bits is read or refused', (_, bytes) => {
    const flip = fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 7 }));
    fc.assert(
      fc.property(fc.array(flip, { minLength: 1, maxLength: 4 }), (flips) => {
        const damaged = Buffer.from(bytes);
        for (const [at, bit] of flips) damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
        readOrRefuse(damaged);
      }),
      { numRuns: runs(1000) },
    );
  });

  test.each([
    ['nothing at all', '', 0, 'the file ends before the pickle does'],
    ['STOP on an empty stack', '.', 0, 'STOP: there is no value to take'],
    ['STOP above a MARK', 'N(.', 2, 'STOP: there is no value to take'],
    ['an unknown opcode', 'N\xff.', 1, 'unknown opcode 0xff'],
    ['a missing memo number', 'h\x07.', 0, 'BINGET: nothing was stored under memo number 7'],
    ['a memo number that is none', 'gx\n.', 0, 'GET: this is not a memo number'],
    ['TUPLE without MARK', 'Nt.', 1, 'TUPLE: there is no MARK before it'],
    ['APPEND to a dict', '}Na.', 2, 'APPEND: there is no list to append to'],
    ['SETITEM into a list', ']NNs.', 3, 'SETITEM: there is no dict to store into'],
    ['a key without value', '}(Nu.', 3, 'SETITEMS: a key has no value'],
    ['a list as a key', '}]Ns.', 3, 'SETITEM: a list cannot be a key'],
    ['INT that is no number', 'Ixyz\n.', 0, 'INT: this is not a whole number'],
    ['FLOAT that is no number', 'F1e\n.', 0, 'FLOAT: this is not a number'],
    ['STRING without quotes', 'Sabc\n.', 0, 'STRING: this is not a quoted Python string'],
    ['STRING with a cut escape', "S'\\x4'\n.", 0, 'STRING: this is not a quoted Python string'],
    ['text that is not UTF-8', 'X\x01\0\0\0\xff.', 0, 'BINUNICODE: text that is not UTF-8'],
    ['BUILD on a number', 'K\x01}b.', 3, 'BUILD: there is no object to give a state to'],
    [
      'REDUCE of a number',
      'K\x01)R.',
      3,
      'REDUCE: an object can be made only from a class or function named in the pickle',
    ],
    ['a persistent id', 'Pabc\n.', 0, 'PERSID: a reference to an object kept outside the file'],
    ['a buffer out of band', '\x97.', 0, 'NEXT_BUFFER: a buffer kept outside the file'],
    ['a protocol of the future', '\x80\x06N.', 0, 'PROTO: protocol 6 is newer than 5'],
    [
      'a string beyond the end',
      'U\x05ab.',
      0,
      'SHORT_BINSTRING: needs 5 more bytes, but the file ends after 3',
    ],
  ])('%s', async (_, text, offset, problem) => {
    expect(() => readPickle(repeated(text))).toThrow(new PickleError(problem, offset));
    if (text !== '') await expect(judge.load(repeated(text))).rejects.toThrow();
  });
});

test('a second pickle where one is expected', () => {
  expect(() => readPickle(repeated('N.N.'))).toThrow(
    new PickleError('2 more bytes follow the end of the pickle', 2),
  );
  expect([...eachPickle(repeated('N.K\x01.'))]).toEqual([null, 1]);
  expect(readPickles(repeated(''))).toEqual([]);
});

test('pickles before the damage can still be had', () => {
  const seen: unknown[] = [];
  expect(() => {
    for (const value of eachPickle(repeated('N.K\x01.K'))) seen.push(value);
  }).toThrow(new PickleError('BININT1: needs 1 more bytes, but the file ends after 0', 5));
  expect(seen).toEqual([null, 1]);
});
