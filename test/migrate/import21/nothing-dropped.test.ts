import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { convertConfig, type ImportPlan } from '../../../migrate/import21/convert.ts';
import { readPickle } from '../../../migrate/pickle/reader.ts';
import {
  type PickleValue,
  PyBytes,
  PyDict,
  PyFloat,
  PyInstance,
  PyTuple,
} from '../../../migrate/pickle/values.ts';
import { writePickle } from '../../../migrate/pickle/writer.ts';
import { install, succeed } from '../../support/mailman.ts';
import { translations } from './expected-settings.ts';
import { type Exported, expectedLists, exportOf, fixture } from './site.ts';

/** No value of a config.pck may vanish: each is in the export, or in the legacy settings and named in the report. */

/** Settings that arrive elsewhere than in the settings; the tests of everything that arrives look there. */
const ELSEWHERE = new Set([
  ...['members', 'digest_members', 'passwords', 'language', 'usernames', 'user_options'],
  ...['topics_userinterest', 'delivery_status', 'bounce_info', 'owner', 'moderator', 'ban_list'],
  ...['header_filter_rules', 'acceptable_aliases', 'from_is_list', 'dmarc_moderation_action'],
  ...['msg_header', 'msg_footer', 'digest_header', 'digest_footer', 'goodbye_msg', 'welcome_msg'],
  ...['postings_responses', 'admin_responses', 'request_responses', 'hold_and_cmd_autoresponses'],
  // With the archive, or kept where nothing is archived.
  'archive_private',
  // The domain of the list; kept where it is another one.
  'host_name',
]);

function configOf(list: string): PyDict {
  const config = readPickle(
    readFileSync(fixture(list, list === 'broken-last' ? 'config.pck.last' : 'config.pck')),
  );
  if (!(config instanceof PyDict)) throw new Error('no dictionary');
  return config;
}

const keyText = (key: PickleValue): string => (key instanceof PyBytes ? key.latin1 : String(key));

describe.each([...expectedLists.keys()])('list %s', (name) => {
  const server = install();
  let exported: Exported;
  let report: { kept_in_legacy_settings: string[]; notes: { subject: string }[] };
  let human: string;

  beforeAll(() => {
    const useLast = name === 'broken-last' ? ['--use-last'] : [];
    const run = (...options: string[]) =>
      succeed(
        server.mailman('import21', '--create', ...useLast, ...options, `${name}@example.com`, fixture(name)),
      );
    human = run('--dry-run');
    report = JSON.parse(run('--json'));
    exported = exportOf(server, `${name}@example.com`);
  });

  it('has each setting mapped, or kept and named in the report', () => {
    const keys = configOf(name).keys.map(keyText);
    const unmapped = keys.filter((key) => !translations.has(key) && !ELSEWHERE.has(key));
    for (const key of unmapped) {
      expect(exported.legacy_settings, key).toHaveProperty([key]);
      expect(report.kept_in_legacy_settings, key).toContain(key);
      expect(
        report.notes.map(({ subject }) => subject),
        key,
      ).toContain(key);
      expect(human, key).toContain(`\n  ${key}: `);
    }
    for (const key of Object.keys(exported.legacy_settings)) {
      expect(
        report.notes.map(({ subject }) => subject),
        key,
      ).toContain(key);
    }
    expect(unmapped).toContain('data_version');
  });
});

/** Everything of a plan that the import writes, as text. */
function written(plan: ImportPlan): string {
  const members = [...plan.members()];
  const { settings, counters, bans, headerMatches, templates, autoresponses } = plan;
  const legacy = [...plan.legacySettings];
  return JSON.stringify({
    settings,
    counters,
    bans,
    headerMatches,
    templates,
    autoresponses,
    members,
    legacy,
  });
}

function convert(config: PyDict): ImportPlan {
  const copy = readPickle(writePickle(config));
  if (!(copy instanceof PyDict)) throw new Error('no dictionary');
  const list = { listName: 'announce', mailHost: 'lists.example.com' };
  return convertConfig(copy, { list, charset: undefined, languages: new Set(['en']) });
}

function withValue(config: PyDict, key: PickleValue, value: PickleValue): PyDict {
  return new PyDict([...config].map(([name, old]) => [name, name === key ? value : old]));
}

/** Another value of the same kind. */
function mutated(value: PickleValue): PickleValue[] {
  if (typeof value === 'boolean') return [!value];
  if (typeof value === 'number') return [value === 0 ? 1 : 0, value + 1];
  if (value instanceof PyFloat) return [new PyFloat(value.value + 1)];
  if (value === null) return [new PyBytes('something')];
  if (typeof value === 'string') return [`${value}x`];
  if (value instanceof PyBytes) return [new PyBytes(`${value.latin1}x`)];
  if (Array.isArray(value))
    return [[...value, new PyBytes('someone@example.net')], value.slice(1)].slice(
      0,
      value.length > 0 ? 2 : 1,
    );
  if (value instanceof PyTuple)
    return [new PyTuple(value.items.flatMap((item, i) => (i === 0 ? mutated(item).slice(0, 1) : [item])))];
  if (value instanceof PyDict) {
    // A bounce record says again whose it is.
    const entries = [...value].filter(([key]) => keyText(key) !== 'member');
    const added = new PyDict([...entries, [new PyBytes('somebody@example.net'), 7]]);
    const changes = entries
      .slice(0, 40)
      .flatMap(([key, old]) => mutated(old).map((changed) => withValue(value, key, changed)));
    // An attribute that is None may as well not be there.
    const removed = entries
      .filter(([, old]) => old !== null)
      .slice(0, 40)
      .map(([key]) => new PyDict(entries.filter(([other]) => other !== key)));
    return [added, ...changes, ...removed];
  }
  if (value instanceof PyInstance && value.state instanceof PyDict) {
    return mutated(value.state).map((state) => {
      const copy = new PyInstance(value.cls, value.making, value.args);
      copy.state = state;
      return copy;
    });
  }
  throw new Error(`no way to change a ${typeof value}`);
}

describe('a changed value', () => {
  it.each([
    'announce',
    'members-lab',
    'nihongo-users',
    'vereinsrundbrief',
    'news-gw',
    'topics-digest',
    'chapter-north',
    'privat',
  ])('of %s is seen in what is written, whichever it is', (name) => {
    const config = configOf(name);
    const before = written(convert(config));
    const ignored: string[] = [];
    for (const [key, value] of config) {
      for (const [index, changed] of mutated(value).entries()) {
        if (written(convert(withValue(config, key, changed))) === before)
          ignored.push(`${keyText(key)} ${index}`);
      }
    }
    expect(ignored).toEqual([]);
  });
});
