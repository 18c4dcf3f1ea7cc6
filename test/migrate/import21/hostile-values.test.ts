import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { readConfigPck } from '../../../migrate/import21/config-pck.ts';
import { import21 } from '../../../migrate/import21/index.ts';
import { changedNothing, type ImportReport } from '../../../migrate/import21/report.ts';
import { readPickle } from '../../../migrate/pickle/reader.ts';
import {
  type PickleValue,
  PyByteArray,
  PyBytes,
  PyDict,
  PyFloat,
  PyGlobal,
  PyInstance,
  PySet,
  PyTuple,
} from '../../../migrate/pickle/values.ts';
import { writePickle } from '../../../migrate/pickle/writer.ts';
import type { Database } from '../../../src/database/handle.ts';
import { findList } from '../../../src/database/lists.ts';
import { FerrymanError } from '../../../src/errors.ts';
import { onEachDialect } from '../../database/dialects.ts';
import { exportedList } from '../../support/exported-list.ts';
import { runs } from '../../support/properties.ts';
import { fixture } from './site.ts';

/** Settings that nobody would have: the import takes them over or refuses them, in words, and never halfway. */

const ANT = 'ant@example.com';
const CREATE = {
  style: 'legacy-default',
  rules: { nameCharacters: '[-_.+a-z0-9]', languages: new Set(['en']) },
  language: 'en',
};

/** The database that the tests below work on; each kind has its turn. */
let database: Database;

const lab = readPickle(readFileSync(fixture('members-lab'))) as PyDict;
const announce = readPickle(readFileSync(fixture('announce'))) as PyDict;

function importPickle(config: PyDict, dryRun = false): Promise<ImportReport> {
  const dictionary = readConfigPck(writePickle(config), 'config.pck');
  return import21(database, dictionary, {
    listSpec: ANT,
    source: 'config.pck',
    languages: new Set(['en']),
    create: CREATE,
    keep: false,
    dryRun,
    progress: () => undefined,
  });
}

async function exported(): Promise<string> {
  const list = await findList(database.connection, ANT);
  return list ? exportedList(database.connection, list) : 'no list';
}

/** Imports twice: the second time must find everything as the first left it. */
async function expectToHold(config: PyDict): Promise<ImportReport | undefined> {
  const before = await exported();
  let report: ImportReport;
  try {
    report = await importPickle(config);
  } catch (error) {
    if (!(error instanceof FerrymanError)) throw error;
    expect(error.message).not.toMatch(/SQLITE|refuses a value|failed \(/);
    expect(await exported()).toBe(before);
    return undefined;
  }
  const { legacy_settings } = JSON.parse(await exported()) as { legacy_settings: object };
  for (const key of Object.keys(legacy_settings))
    expect(report.notes.map(({ subject }) => subject)).toContain(key);
  expect(changedNothing(await importPickle(config))).toBe(true);
  return report;
}

const bytes = (text: string) => PyBytes.utf8(text);

function withValues(config: PyDict, changes: Readonly<Record<string, PickleValue>>): PyDict {
  const copy = new PyDict(config);
  for (const [key, value] of Object.entries(changes)) copy.set(bytes(key), value);
  return copy;
}

const nasty: PickleValue[] = [
  null,
  true,
  -1,
  2 ** 31,
  2 ** 53 - 1,
  2n ** 70n,
  -(2n ** 200n),
  new PyFloat(Number.NaN),
  new PyFloat(Number.POSITIVE_INFINITY),
  new PyFloat(Number.NEGATIVE_INFINITY),
  new PyFloat(1e300),
  new PyFloat(-0.5),
  new PyFloat(253_402_300_800),
  '',
  'text',
  '\ud800 half',
  'nul \0 here',
  '\u{1f600} and \u{20bb7}',
  'x'.repeat(5000),
  bytes('a@b\r\nc@d'),
  bytes(`${'l'.repeat(330)}@example.com`),
  bytes('^(unclosed'),
  bytes('^(a+)+$'),
  bytes('__proto__'),
  bytes('constructor'),
  new PyBytes('\xff\xfe\x80\x81'),
  [],
  [[], [null]],
  [1, 'two', new PyFloat(3)],
  [bytes('@announce'), bytes('@ant'), bytes('@')],
  new PyTuple([]),
  new PyTuple([4, new PyFloat(-1e20)]),
  new PyTuple([2024, 13, 45]),
  new PyDict(),
  new PyDict([[bytes('__proto__'), bytes('x')]]),
  new PyDict([
    [5, 6],
    [new PyTuple([1]), null],
  ]),
  new PySet([1, 2]),
  new PySet([1], true),
  new PyByteArray('abc'),
  new PyGlobal('os', 'system'),
  PyInstance.oldStyle('Mailman.Bouncer', '_BounceInfo', new PyDict([['score', 'many']])),
  PyInstance.oldStyle('os', 'Popen', new PyDict()),
];

const value = fc.constantFrom(...nasty);

await onEachDialect('hostile values', (place) => {
  const numRuns = runs(place.dialect === 'sqlite' ? 60 : 12);

  beforeAll(async () => {
    database = await place.open();
  });

  describe('any value in any place', () => {
    const keys = lab.keys.map((key) => (key as PyBytes).latin1).filter((key) => key !== 'data_version');

    it('of the settings is taken over and named, or refused', { timeout: 240_000 }, async () => {
      await fc.assert(
        fc.asyncProperty(fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 6 }), async (changes) => {
          await expectToHold(withValues(lab, changes));
        }),
        { numRuns },
      );
    });

    it('one after the other', { timeout: 240_000 }, async () => {
      for (const [index, key] of keys.entries()) {
        await expectToHold(withValues(lab, { [key]: nasty[(index * 7) % nasty.length] ?? null }));
      }
    });

    it('of the number from which the warnings of members are counted', async () => {
      for (const number of [Number.NaN, Number.POSITIVE_INFINITY, -0.5, 1e300]) {
        const odd = withValues(lab, { bounce_you_are_disabled_warnings: new PyFloat(number) });
        expect(await expectToHold(odd)).toBeDefined();
      }
    });

    it('of a member is taken over and named, or refused', { timeout: 240_000 }, async () => {
      const tables = [
        ...['members', 'digest_members', 'passwords', 'language', 'usernames', 'user_options'],
        ...['topics_userinterest', 'delivery_status', 'bounce_info', 'hold_and_cmd_autoresponses'],
        ...['postings_responses', 'one_last_digest'],
      ];
      const members = (lab.get('members') as PyDict).keys;
      const key = fc.oneof(
        fc.constantFrom(...members),
        fc.constantFrom<PickleValue>(
          '',
          'a\nb@example.com',
          '\ud800@example.com',
          bytes('__proto__'),
          5,
          null,
        ),
      );
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(fc.constantFrom(...tables), key, value), { maxLength: 12 }),
          async (changes) => {
            const config = new PyDict(lab);
            for (const [table, member, changed] of changes) {
              const copy = new PyDict(config.get(table) as PyDict);
              config.set(bytes(table), copy.set(member, changed));
            }
            await expectToHold(config);
          },
        ),
        { numRuns },
      );
    });

    it('of header rules, topics and lists of people', { timeout: 240_000 }, async () => {
      const lists = [
        'header_filter_rules',
        'topics',
        'ban_list',
        'owner',
        'moderator',
        'accept_these_nonmembers',
      ];
      const entry = fc.oneof(
        value,
        fc.tuple(value, fc.constantFrom(0, 1, 2, 3, 6, 7), value).map((parts) => new PyTuple(parts)),
      );
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...lists),
          fc.array(entry, { maxLength: 8 }),
          async (key, entries) => {
            await expectToHold(withValues(announce, { [key]: entries }));
          },
        ),
        { numRuns },
      );
    });
  });

  describe('a hostile setting', () => {
    it('named like a part of the language stays a setting', async () => {
      const report = await expectToHold(
        withValues(lab, { __proto__x: 1, constructor: bytes('c'), toString: 2, hasOwnProperty: 3 }),
      );
      expect(report?.kept_in_legacy_settings).toEqual(
        expect.arrayContaining(['constructor', 'hasOwnProperty', 'toString']),
      );
      const proto = new PyDict([...lab, [bytes('__proto__'), new PyDict([[bytes('polluted'), 1]])]]);
      expect((await expectToHold(proto))?.kept_in_legacy_settings).toContain('__proto__');
      expect(({} as { polluted?: number }).polluted).toBeUndefined();
    });

    it('with a key that is no text is kept under one that tells what it was', async () => {
      const odd = new PyDict([...lab, [5, bytes('five')], [new PyTuple([1, 2]), 3], ['5', 4]]);
      expect((await expectToHold(odd))?.kept_in_legacy_settings).toEqual(
        expect.arrayContaining(['5', '5 (2)', '{"$tuple":[1,2]}']),
      );
    });

    it('of a member who has no usable address keeps all that is known of them', async () => {
      const key = bytes('bad\r\naddress@example.com');
      const add = (table: string, changed: PickleValue) =>
        new PyDict([...(lab.get(table) as PyDict), [key, changed]]);
      const report = await expectToHold(
        withValues(lab, {
          members: add('members', 0),
          usernames: add('usernames', bytes('Bad One')),
          passwords: add('passwords', bytes('secret')),
        }),
      );
      expect(report?.notes).toContainEqual({
        kind: 'needs_person',
        subject: 'members',
        text: '"bad\\r\\naddress@example.com" is no address; left out',
      });
      const { legacy_settings } = JSON.parse(await exported()) as { legacy_settings: Record<string, object> };
      expect(legacy_settings).toMatchObject({
        members: { 'bad\r\naddress@example.com': 0 },
        usernames: { 'bad\r\naddress@example.com': 'Bad One' },
        passwords: { 'bad\r\naddress@example.com': 'secret' },
      });
    });

    it('that is a text in place of the list of owners counts each address in it', async () => {
      await expectToHold(withValues(lab, { owner: bytes('one@example.com, two@example.com') }));
      const { members } = JSON.parse(await exported()) as { members: { role: string; address: string }[] };
      expect(members.filter(({ role }) => role === 'owner').map(({ address }) => address)).toEqual([
        'one@example.com',
        'two@example.com',
      ]);
    });
  });
});
