import { isDeepStrictEqual } from 'node:util';
import type { Autoresponse } from '../../src/model/autoresponse.ts';
import { addressKey } from '../../src/model/email-address.ts';
import { dmarcMitigateActions, fromIsListActions, memberModerationActions } from '../../src/model/enums.ts';
import type { HeaderMatch } from '../../src/model/header-match.ts';
import type { MailingList } from '../../src/model/mailing-list.ts';
import type { Member } from '../../src/model/member.ts';
import type { SettingName } from '../../src/model/settings/index.ts';
import type { Template } from '../../src/model/template.ts';
import { epochFromUtc } from '../../src/model/time.ts';
import type { Verbatim } from '../../src/model/verbatim.ts';
import { TextDecoding } from '../import21/charset.ts';
import { convertConfig, type ImportPlan } from '../import21/convert.ts';
import { charsetOfLanguage } from '../import21/languages.ts';
import type { ImportedMember } from '../import21/members.ts';
import { Notes } from '../import21/report.ts';
import { type PlainValue, settingsTable } from '../import21/settings-table.ts';
import { type PickleValue, PyBytes, PyDict, PyFloat, PyTuple } from '../pickle/values.ts';
import { newListConfig } from './defaults.ts';
import { fromVerbatim } from './from-verbatim.ts';
import { writeMembers } from './members.ts';
import { revertedPassword } from './passwords.ts';
import { PythonValues } from './python-values.ts';
import { writeTexts } from './texts.ts';

/** All of a list that a config.pck holds. */
export interface ListState {
  readonly list: MailingList;
  /** Of all roles. */
  readonly members: readonly Member[];
  readonly bans: readonly string[];
  readonly headerMatches: readonly HeaderMatch[];
  readonly templates: readonly Template[];
  readonly autoresponses: readonly Autoresponse[];
  /** What Mailman 2.1 had last; undefined for a list that it never had. */
  readonly baseline: PyDict | undefined;
  /** What the export takes the place of: passwords that nobody knows here stay as they are in it. */
  readonly there: PyDict;
}

/** A list on its way back. */
interface Export {
  readonly state: ListState;
  /** The settings as they were, or as Mailman 2.1 makes them for a new list. */
  readonly before: PyDict;
  /** What those become here: all that is still so goes back as it was. */
  readonly plan: ImportPlan;
  readonly config: PyDict;
  readonly values: PythonValues;
  readonly notes: Notes;
}

/**
 * The dictionary of a config.pck that says what the list is now. What has not changed since it came from Mailman 2.1
 * goes back exactly as it was there, with its Python types.
 */
export function revertConfig(state: ListState): { readonly config: PyDict; readonly notes: Notes } {
  const { list, baseline } = state;
  const notes = new Notes();
  const before = baseline ?? newListConfig(list);
  const language = new TextDecoding('us-ascii').read(before.get('preferred_language'), '') ?? 'en';
  const texts = new TextDecoding(charsetOfLanguage(language));
  const plan = convertConfig(before, { list, charset: undefined, languages: new Set() });
  const imported = new Map<string, ImportedMember>();
  const formerStaff: ImportedMember[] = [];
  for (const member of plan.members()) {
    if (member.role === 'member') imported.set(addressKey(member.mailbox.address), member);
    else formerStaff.push(member);
  }
  const values = new PythonValues(texts.charset);
  const config = new PyDict(before);
  const way: Export = { state, before, plan, config, values, notes };
  if (!baseline) restoreLegacy(way, texts.charset);
  writeSettings(way);
  writeTogether(way);
  writePasswords(way);
  writeCounters(way);
  writeLists(way, formerStaff);
  writeTexts({ list, templates: state.templates, plan, values, notes }, config);
  const subscribers = state.members.filter(({ role }) => role === 'member');
  writeMembers({ list, before, there: state.there, texts, values, imported, notes }, subscribers, config);
  return { config: withByteKeys(config, before), notes };
}

/** Names that were not there before, as Python 2 has names: byte strings. */
function withByteKeys(config: PyDict, before: PyDict): PyDict {
  return new PyDict(
    [...config].map(([key, value]) => [
      typeof key === 'string' && !before.has(key) ? new PyBytes(key) : key,
      value,
    ]),
  );
}

/** What was kept verbatim of a list whose former settings are not known. */
function restoreLegacy({ state, config }: Export, charset: string): void {
  for (const [name, value] of Object.entries(state.list.legacySettings))
    config.set(name, fromVerbatim(value as Verbatim, charset));
}

function hasChanged({ state, plan }: Export, name: SettingName): boolean {
  return !isDeepStrictEqual(state.list.settings[name], plan.settings[name]);
}

function writeSettings(way: Export): void {
  const { state, before, notes } = way;
  for (const [key, { name, revert }] of Object.entries(settingsTable)) {
    if (!before.has(key) || !hasChanged(way, name)) continue;
    // All links of Mailman 2.1 begin with it; a list that was made here has none.
    if (name === 'web_page_url' && state.list.settings.web_page_url === '') continue;
    // Odd values were left alone when they came.
    if (!(name in way.plan.settings)) continue;
    const value = revert(state.list.settings[name]);
    if (value !== undefined) put(way, key, value);
    else
      notes.needsPerson(
        key,
        `Mailman 2.1 has no ${JSON.stringify(state.list.settings[name])}; it stays as it was`,
      );
  }
}

/** Settings that say together what one or two settings of here say. */
function writeTogether(way: Export): void {
  const { state } = way;
  const { settings } = state.list;
  if (hasChanged(way, 'archive_policy')) {
    put(way, 'archive', settings.archive_policy !== 'never');
    put(way, 'archive_private', settings.archive_policy === 'private' ? 1 : 0);
  }
  if (hasChanged(way, 'default_member_action')) {
    const isModerated = !['accept', 'defer'].includes(settings.default_member_action);
    put(way, 'default_member_moderation', isModerated);
    const action = (memberModerationActions as readonly string[]).indexOf(settings.default_member_action);
    if (isModerated && action >= 0) put(way, 'member_moderation_action', action);
  }
  if (
    hasChanged(way, 'dmarc_mitigate_action') ||
    hasChanged(way, 'from_is_list') ||
    hasChanged(way, 'dmarc_mitigate_unconditionally')
  ) {
    const always = settings.dmarc_mitigate_unconditionally;
    const action = Math.max(0, dmarcMitigateActions.indexOf(settings.dmarc_mitigate_action));
    const every = always ? settings.dmarc_mitigate_action : settings.from_is_list;
    put(way, 'from_is_list', Math.max(0, (fromIsListActions as readonly string[]).indexOf(every)));
    put(way, 'dmarc_moderation_action', always ? 0 : action);
  }
  if (hasChanged(way, 'acceptable_aliases')) {
    const own = `^${state.list.listName.replace(/[^\w]/g, '\\$&')}@`;
    put(way, 'acceptable_aliases', settings.acceptable_aliases.filter((one) => one !== own).join('\n'));
  }
  if (hasChanged(way, 'topics')) writeTopics(way);
  if (hasChanged(way, 'one_last_digest'))
    way.config.set(
      'one_last_digest',
      new PyDict(settings.one_last_digest.map((address) => [way.values.bytes(address.toLowerCase()), 0])),
    );
}

function writeTopics({ state, config, values }: Export): void {
  config.set(
    'topics',
    state.list.settings.topics.map(
      ({ name, patterns, description }) =>
        new PyTuple([values.bytes(name), values.bytes(patterns), values.bytes(description), 0]),
    ),
  );
}

function writePasswords({ state, config, before, notes }: Export): void {
  const { settings } = state.list;
  const stored = {
    password: settings.admin_password,
    mod_password: settings.moderator_password,
    post_password: settings.poster_password,
  };
  for (const [key, value] of Object.entries(stored)) {
    const marker = before.get(key);
    if (value === null) {
      if (marker !== null && marker !== undefined) config.set(key, marker);
      continue;
    }
    const reverted = revertedPassword(value);
    const kept = state.there.get(key);
    if (reverted) config.set(key, typeof marker === 'string' ? reverted.latin1 : reverted);
    else if (kept !== undefined) {
      config.set(key, kept);
      notes.needsPerson(key, 'was set or used here; it stays as it was in Mailman 2.1');
    } else {
      // Nothing matches an empty one.
      config.set(key, new PyBytes(''));
      notes.needsPerson(key, 'was set or used here, so that only its hash is known; set it with change_pw');
    }
  }
}

const TIMES = {
  created_at: 'createdAt',
  last_post_time: 'lastPostAt',
  digest_last_sent_at: 'digestLastSentAt',
} as const;

const COUNTERS = {
  post_id: 'postId',
  next_request_id: 'nextRequestId',
  volume: 'volume',
  next_digest_number: 'nextDigestNumber',
  usenet_watermark: 'usenetWatermark',
} as const;

function writeCounters({ state: { list }, plan, config, before }: Export): void {
  for (const [key, name] of Object.entries(TIMES)) {
    const time = list[name];
    if (time === plan.counters[name] || !(name in plan.counters || before.size === 0)) continue;
    config.set(key, time === null ? 0 : new PyFloat(epochFromUtc(time)));
  }
  for (const [key, name] of Object.entries(COUNTERS)) {
    const number = list[name];
    if (number === plan.counters[name]) continue;
    if (number !== null) config.set(key, key === 'post_id' ? new PyFloat(number) : number);
  }
}

/** Bans, owners, moderators, filters, and who was answered automatically. */
function writeLists(way: Export, formerStaff: readonly ImportedMember[]): void {
  const { state, plan, config, values } = way;
  if (!sameSet(state.bans, plan.bans)) put(way, 'ban_list', state.bans);
  for (const role of ['owner', 'moderator'] as const) {
    const current = state.members
      .filter((member) => member.role === role)
      .map(({ originalEmail }) => originalEmail);
    const former = formerStaff.filter((member) => member.role === role).map(({ mailbox }) => mailbox.address);
    if (!sameSet(current, former)) put(way, role, current);
  }
  if (!isDeepStrictEqual(state.headerMatches, plan.headerMatches))
    config.set('header_filter_rules', state.headerMatches.map(filterRule));
  if (isDeepStrictEqual(state.autoresponses, plan.autoresponses)) return;
  for (const [key, dict] of autoresponseDicts(state.autoresponses, values)) config.set(key, dict);
}

/** Patterns are unicode, as Mailman 2.1's pages make them. */
function filterRule({ header, pattern, action }: HeaderMatch): PyTuple {
  const start = header === '*' ? '' : `^${header}:`;
  const rest =
    header === '*' ? pattern : pattern.startsWith('^') ? `\\s*${pattern.slice(1)}` : `.*${pattern}`;
  const code = { accept: 6, defer: 0, discard: 3, hold: 7, reject: 2 }[action ?? 'defer'];
  return new PyTuple([start + rest, code, false]);
}

function autoresponseDicts(
  autoresponses: readonly Autoresponse[],
  values: PythonValues,
): readonly (readonly [string, PyDict])[] {
  const dicts = {
    hold: new PyDict(),
    owner: new PyDict(),
    postings: new PyDict(),
    requests: new PyDict(),
  };
  for (const { kind, email, quietUntil, day, count } of autoresponses) {
    const value: PickleValue =
      kind === 'hold'
        ? new PyTuple([new PyTuple((day ?? '1970-01-01').split('-').map(Number)), count])
        : new PyFloat(quietUntil === null ? 0 : epochFromUtc(quietUntil));
    dicts[kind].set(values.bytes(email), value);
  }
  return [
    ['hold_and_cmd_autoresponses', dicts.hold],
    ['admin_responses', dicts.owner],
    ['postings_responses', dicts.postings],
    ['request_responses', dicts.requests],
  ];
}

function put({ config, before, values }: Export, key: string, value: PlainValue): void {
  config.set(key, values.like(value, before.get(key)));
}

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  return isDeepStrictEqual([...one].sort(), [...other].sort());
}
