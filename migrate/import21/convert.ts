import type { Autoresponse } from '../../src/model/autoresponse.ts';
import type { HeaderMatch } from '../../src/model/header-match.ts';
import type { MailingList } from '../../src/model/mailing-list.ts';
import { tryCompilePattern } from '../../src/model/pattern.ts';
import type { ListSettings } from '../../src/model/settings/index.ts';
import type { Template } from '../../src/model/template.ts';
import { type UtcTime, utcFromEpoch } from '../../src/model/time.ts';
import { showVerbatim } from '../../src/model/verbatim.ts';
import type { PyDict } from '../pickle/values.ts';
import { AUTORESPONSE_KEYS, convertAutoresponses } from './autoresponses.ts';
import { TextDecoding } from './charset.ts';
import { type Conversion, keepAside, numberAt, textAt, textsAt } from './conversion.ts';
import { convertHeaderFilters } from './header-filters.ts';
import { charsetOfLanguage } from './languages.ts';
import { dictAt, type ImportedMember, importedMembers, keepOrphans, PER_MEMBER_KEYS } from './members.ts';
import { Notes } from './report.ts';
import { settingsTable } from './settings-table.ts';
import { settingsTogether } from './settings-together.ts';
import { convertSubstitutions } from './substitutions.ts';
import { convertTemplates, TEMPLATE_KEYS } from './templates.ts';
import { toVerbatim } from './verbatim.ts';

/** What a config.pck becomes, before anything is written. */
export interface ImportPlan {
  readonly settings: Partial<ListSettings>;
  readonly counters: Partial<ListCounters>;
  readonly legacySettings: Readonly<Record<string, unknown>>;
  readonly bans: readonly string[];
  readonly headerMatches: readonly HeaderMatch[];
  readonly templates: readonly Template[];
  /** The list's own words of welcome, converted. */
  readonly welcomeText: string;
  readonly autoresponses: readonly Autoresponse[];
  /** The memberships, made while they are taken; their notes are complete afterwards. */
  readonly members: () => Iterable<ImportedMember>;
  readonly memberCount: number;
  readonly texts: TextDecoding;
  readonly notes: Notes;
}

type ListCounters = Pick<
  MailingList,
  | 'createdAt'
  | 'lastPostAt'
  | 'digestLastSentAt'
  | 'postId'
  | 'nextRequestId'
  | 'volume'
  | 'nextDigestNumber'
  | 'usenetWatermark'
>;

/** Keys that become columns of the list. */
const COUNTER_KEYS = [
  'created_at',
  'last_post_time',
  'digest_last_sent_at',
  'post_id',
  'next_request_id',
  'volume',
  'next_digest_number',
  'usenet_watermark',
];

/** Why a known setting of Mailman 2.1 is kept without effect. */
const WITHOUT_MEANING: Readonly<Record<string, string>> = {
  data_version: 'the version of the file format',
  next_post_number: 'Mailman 2.1 does not use it either',
  pipeline: 'a pipeline of its own; its handlers do not exist here',
  send_reminders: 'passwords are not mailed here',
  use_dollar_strings: 'the texts have been converted',
};

const NEEDS_PERSON = new Set(['pipeline']);

const LARGEST_COUNTER = 2_147_483_647;

/** Implausible, but possible: settings in seconds that were once multiplied twice. */
const LONGEST_PLAUSIBLE_SECONDS = 10 * 365 * 86_400;

/**
 * Converts a config.pck. Nothing is read or written but the dictionary.
 * @param charset instead of the charset of the list's language
 */
export function convertConfig(
  config: PyDict,
  list: Pick<MailingList, 'listName' | 'mailHost'>,
  charset: string | undefined,
): ImportPlan {
  const language =
    new TextDecoding('us-ascii').read(config.get('preferred_language'), 'preferred_language') ?? 'en';
  const conversion: Conversion = {
    config,
    list,
    texts: new TextDecoding(charset ?? charsetOfLanguage(language)),
    notes: new Notes(),
    settings: {},
    legacySettings: Object.create(null),
  };
  for (const [key, convert] of Object.entries(settingsTable)) if (config.has(key)) convert(conversion, key);
  for (const { keys, convert } of settingsTogether)
    if (keys.some((key) => config.has(key))) convert(conversion);
  const counters = convertCounters(conversion);
  const bans = [...new Set(textsAt(conversion, 'ban_list') ?? [])];
  const headerMatches = convertHeaderFilters(conversion);
  const templates = convertTemplates(conversion);
  const autoresponses = convertAutoresponses(conversion);
  keepOrphans(conversion);
  keepTheRest(conversion);
  noteDoubtful(conversion, bans);
  return {
    settings: conversion.settings as Partial<ListSettings>,
    counters,
    legacySettings: conversion.legacySettings,
    bans,
    headerMatches,
    templates,
    welcomeText: convertSubstitutions(conversion, textAt(conversion, 'welcome_msg') ?? '').text.trim(),
    autoresponses,
    members: () => importedMembers(conversion),
    memberCount: memberCount(conversion),
    texts: conversion.texts,
    notes: conversion.notes,
  };
}

/** The keys of a config.pck that have a place of their own here; all others are kept in `legacy_settings`. */
export function mappedKeys(): ReadonlySet<string> {
  return new Set([
    ...Object.keys(settingsTable),
    ...settingsTogether.flatMap(({ keys }) => keys),
    ...PER_MEMBER_KEYS,
    ...COUNTER_KEYS,
    ...TEMPLATE_KEYS,
    ...AUTORESPONSE_KEYS,
    'owner',
    'moderator',
    'ban_list',
    'header_filter_rules',
  ]);
}

function convertCounters(conversion: Conversion): Partial<ListCounters> {
  const counter = (key: string): number | undefined => {
    const value = numberAt(conversion, key);
    if (value === undefined) return undefined;
    if (Number.isInteger(value) && value >= 0 && value <= LARGEST_COUNTER) return value;
    keepAside(conversion, key);
    conversion.notes.needsPerson(key, `${value} is no count; the list keeps its own`);
    return undefined;
  };
  // 0 is Mailman 2.1's "never".
  const time = (key: string): UtcTime | null => utcFromEpoch(numberAt(conversion, key) || Number.NaN) ?? null;
  const counters: Record<string, unknown> = {
    createdAt: time('created_at') ?? undefined,
    lastPostAt: time('last_post_time'),
    digestLastSentAt: time('digest_last_sent_at'),
    postId: counter('post_id'),
    nextRequestId: counter('next_request_id'),
    volume: counter('volume'),
    nextDigestNumber: counter('next_digest_number'),
    usenetWatermark: counter('usenet_watermark'),
  };
  return Object.fromEntries(Object.entries(counters).filter(([, value]) => value !== undefined));
}

function keepTheRest(conversion: Conversion): void {
  const mapped = mappedKeys();
  for (const [key, value] of conversion.config) {
    const name = conversion.texts.read(key, 'config.pck') ?? String(key);
    if (mapped.has(name)) continue;
    conversion.legacySettings[name] = toVerbatim(value, conversion.texts);
    const reason = WITHOUT_MEANING[name] ?? 'unknown to Mailman 2.1';
    if (NEEDS_PERSON.has(name)) {
      const shown = JSON.stringify(showVerbatim(conversion.legacySettings[name] ?? null));
      conversion.notes.needsPerson(name, `${reason}: ${shown.slice(0, 200)}`);
    } else conversion.notes.keptAside(name, reason);
  }
}

/** Values that were taken over as they are and deserve a look. */
function noteDoubtful(conversion: Conversion, bans: readonly string[]): void {
  const { notes, settings } = conversion;
  for (const key of ['bounce_info_stale_after', 'bounce_you_are_disabled_warnings_interval'] as const) {
    const seconds = settings[key];
    if (typeof seconds === 'number' && seconds > LONGEST_PLAUSIBLE_SECONDS) {
      notes.needsPerson(key, `${Math.round(seconds / 86_400)} days is hardly meant; taken over as it is`);
    }
  }
  for (const ban of bans) {
    if (ban.startsWith('@'))
      notes.needsPerson('ban_list', `${ban} bans nobody: a ban is an address or a regular expression`);
    else noteBrokenPattern(conversion, 'ban_list', ban);
  }
  for (const key of ['accept', 'hold', 'reject', 'discard'].map((action) => `${action}_these_nonmembers`)) {
    for (const entry of textsAt(conversion, key) ?? []) noteBrokenPattern(conversion, key, entry);
  }
  if (settings.umbrella_list === true) {
    notes.changedMeaning(
      'umbrella_list',
      `members are lists; notices go to their ${textAt(conversion, 'umbrella_member_suffix')} addresses`,
    );
  }
}

function noteBrokenPattern({ notes }: Conversion, key: string, entry: string): void {
  if (entry.startsWith('^') && !tryCompilePattern(entry)) {
    notes.needsPerson(key, `${JSON.stringify(entry)} is no regular expression; it matches nobody`);
  }
}

function memberCount({ config }: Conversion): number {
  return dictAt(config, 'members').size + dictAt(config, 'digest_members').size;
}
