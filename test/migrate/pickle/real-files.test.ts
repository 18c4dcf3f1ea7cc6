import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { PickleError } from '../../../migrate/pickle/errors.ts';
import { readPickles } from '../../../migrate/pickle/reader.ts';
import { writePickle } from '../../../migrate/pickle/writer.ts';
import { describeValue, PYTHON2_SEES, PYTHON3_SEES, seenBy } from './description.ts';
import { Judge, PYTHON2, PYTHON3 } from './judge.ts';

const SITE = new URL('../../../fixtures/mailman21', import.meta.url).pathname;
const DAMAGED = ['lists/truncated/config.pck', 'lists/broken-last/config.pck', 'data/heldmsg-plain-6.pck'];
const files = globSync(['lists/*/*.pck', 'lists/*/*.pck.last', 'data/*.pck'], { cwd: SITE });
const sound = files.filter((file) => !DAMAGED.includes(file));

const judges = [
  { name: 'Python 3', python: PYTHON3, sees: PYTHON3_SEES },
  ...(PYTHON2 === undefined ? [] : [{ name: 'Python 2', python: PYTHON2, sees: PYTHON2_SEES }]),
];

test('the site has pickles of every kind', () => {
  const kinds = new Set(sound.map((file) => basename(file).replace(/-.*/, '')));
  expect([...kinds].sort()).toEqual(
    ['bounce', 'config.pck', 'config.pck.last', 'heldmsg', 'pending.pck', 'request.pck'].sort(),
  );
  expect(sound.length).toBeGreaterThan(70);
});

describe.each(judges)('every pickle of a Mailman 2.1 site, judged by $name', ({ python, sees }) => {
  const judge = new Judge(python);
  afterAll(() => judge.stop());

  test.each(sound)('%s reads as Python reads it', async (file) => {
    const expected = await judge.loadFile(`${SITE}/${file}`);
    const values = readPickles(readFileSync(`${SITE}/${file}`));
    expect(values.map((value) => seenBy(sees, describeValue(value)))).toEqual(
      expected.map((value) => seenBy(sees, value)),
    );
  });

  test.each(sound)('%s written again is the same to Python', async (file) => {
    const values = readPickles(readFileSync(`${SITE}/${file}`));
    const expected = await judge.loadFile(`${SITE}/${file}`);
    for (const protocol of [0, 1, 2] as const) {
      const written = Buffer.concat(values.map((value) => writePickle(value, protocol)));
      const again = await judge.load(written);
      expect(again.map((value) => seenBy(sees, value))).toEqual(expected.map((value) => seenBy(sees, value)));
    }
  });

  test.each(DAMAGED)('%s is refused, as Python refuses it', async (file) => {
    await expect(judge.loadFile(`${SITE}/${file}`)).rejects.toThrow();
    expect(() => readPickles(readFileSync(`${SITE}/${file}`))).toThrow(PickleError);
  });
});
