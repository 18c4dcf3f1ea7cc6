import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { PickleError } from '../../../migrate/pickle/errors.ts';
import { readPickles } from '../../../migrate/pickle/reader.ts';
import { runs } from '../../support/properties.ts';
import { type Description, describeValue, PYTHON2_SEES, PYTHON3_SEES, seenBy } from './description.ts';
import { repeated } from './hostile.ts';
import { Judge, PYTHON2, PYTHON3 } from './judge.ts';

/** Damage that goes unnoticed must at least be read as Python would read it. */

const SITE = new URL('../../../fixtures/mailman21', import.meta.url).pathname;
const files = [
  'lists/members-lab/pending.pck',
  'data/heldmsg-plain-4.pck',
  'lists/nihongo-users/pending.pck',
];

const flipped = fc
  .tuple(
    fc.constantFrom(...files.map((file) => readFileSync(`${SITE}/${file}`))),
    fc.array(fc.nat(), { maxLength: 4 }),
  )
  .map(([bytes, flips]) => {
    const damaged = Buffer.from(bytes);
    for (const flip of flips) {
      const at = (flip >> 3) % damaged.length;
      damaged[at] = (damaged[at] ?? 0) ^ (1 << (flip & 7));
    }
    return damaged;
  });

const OPCODES = "(]}).NaeltsudbRo021qhKISVUXJM\n01'\x85\x86\x87";
const program = fc
  .array(fc.constantFrom(...OPCODES), { maxLength: 20 })
  .map((opcodes) => repeated(`${opcodes.join('')}.`));

async function orNothing<T>(read: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof PickleError || (error instanceof Error && error.constructor === Error))
      return undefined;
    throw error;
  }
}

const judges = [
  { name: 'Python 3', python: PYTHON3, sees: PYTHON3_SEES },
  ...(PYTHON2 === undefined ? [] : [{ name: 'Python 2', python: PYTHON2, sees: PYTHON2_SEES }]),
];

describe.each(judges)('what $name and we both read, we read the same', ({ python, sees }) => {
  const judge = new Judge(python);
  afterAll(() => judge.stop());
  const described = (value: Description): string => seenBy(sees, value);

  test.each([
    ['real files with flipped bits', flipped],
    ['random programs', program],
  ])('%s', async (_, pickles) => {
    await fc.assert(
      fc.asyncProperty(pickles, async (bytes) => {
        const expected = await orNothing(async () => (await judge.load(bytes)).map(described));
        const ours = await orNothing(() =>
          readPickles(bytes, { cycles: true }).map((value) => described(describeValue(value))),
        );
        if (expected !== undefined && ours !== undefined) expect(ours).toEqual(expected);
      }),
      { numRuns: runs(1000) },
    );
  });
});
