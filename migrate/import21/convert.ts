import type { Autoresponse } from '../../src/model/autoresponse.ts';
import type { HeaderMatch } from '../../src/model/header-match.ts';
import type { MailingList } from '../../src/model/mailing-list.ts';
import type { ListSettings } from '../../src/model/settings/index.ts';
import type { Template } from '../../src/model/template.ts';
import type { Verbatim } from '../../src/model/verbatim.ts';
import type { PyDict } from '../pickle/values.ts';
import { AUTORESPONSE_KEYS, convertAutoresponses } from './autoresponses.ts';
import { TextDecoding } from './charset.ts';
import { type Conversion, keepOdd, textsAt } from './conversion.ts';
import { COUNTER_KEYS, convertCounters, type ListCounters } from './counters.ts';
import { noteDoubtful, noteLanguages } from './doubts.ts';
import { convertHeaderFilters } from './header-filters.ts';
import { charsetOfLanguage } from './languages.ts';
import { PER_MEMBER_KEYS } from './member-leftovers.ts';
import { type ImportedMember, importedMembers, memberCount } from './members.ts';
import { Notes } from './report.ts';
import { settingsTable } from './settings-table.ts';
import { settingsTogether } from './settings-together.ts';
import { convertTemplates, TEMPLATE_KEYS, welcomeWords } from './templates.ts';
import { keepUnmapped } from './unmapped.ts';

/** What a config.pck becomes, before anything is written. */
export interface ImportPlan {
  readonly settings: Partial<ListSettings>;
  readonly counters: Partial<ListCounters>;
  readonly bans: readonly string[];
  readonly headerMatches: readonly HeaderMatch[];
  readonly templates: readonly Template[];
  /** The list's own words of welcome, converted. */
  readonly welcomeText: string;
  readonly autoresponses: readonly Autoresponse[];
  /** The memberships, made while they are taken. To be taken once; notes and legacy settings are complete afterwards. */
  readonly members: () => Iterable<ImportedMember>;
  readonly memberCount: number;
  readonly legacySettings: ReadonlyMap<string, Verbatim>;
  readonly texts: TextDecoding;
  readonly notes: Notes;
}

/** What a conversion has to know beside the file. */
export interface ConversionContext {
  readonly list: Pick<MailingList, 'listName' | 'mailHost'>;
  /** Instead of the charset of the list's language. */
  readonly charset: string | undefined;
  /** Codes of the languages that this installation speaks. */
  readonly languages: ReadonlySet<string>;
}

/** The settings of Mailman 2.1 that have a place of their own here; all others are kept in `legacy_settings`. */
const MAPPED_KEYS: ReadonlySet<string> = new Set([
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

/** Lists that are taken over decide about posts as they always did. */
const CHAINS = { owner_chain: 'mailman21-owner-chain', posting_chain: 'mailman21-posting-chain' } as const;

/** Converts a config.pck. Nothing is read or written but the dictionary. */
export function convertConfig(config: PyDict, { list, charset, languages }: ConversionContext): ImportPlan {
  const language = new TextDecoding('us-ascii').read(config.get('preferred_language'), '') ?? 'en';
  const conversion: Conversion = {
    config,
    list,
    languages,
    texts: new TextDecoding(charset ?? charsetOfLanguage(language)),
    notes: new Notes(),
    settings: { ...CHAINS },
    legacySettings: new Map(),
  };
  for (const [key, { convert }] of Object.entries(settingsTable))
    if (config.has(key)) convert(conversion, key);
  for (const { keys, convert } of settingsTogether)
    if (keys.some((key) => config.has(key))) convert(conversion);
  const counters = convertCounters(conversion);
  const bans = convertBans(conversion);
  const headerMatches = convertHeaderFilters(conversion);
  const templates = convertTemplates(conversion);
  const autoresponses = convertAutoresponses(conversion);
  keepUnmapped(conversion, MAPPED_KEYS);
  noteDoubtful(conversion, bans);
  return {
    settings: conversion.settings as Partial<ListSettings>,
    counters,
    bans,
    headerMatches,
    templates,
    welcomeText: welcomeWords(conversion),
    autoresponses,
    members: () => noteLanguages(conversion, importedMembers(conversion)),
    memberCount: memberCount(conversion),
    legacySettings: conversion.legacySettings,
    texts: conversion.texts,
    notes: conversion.notes,
  };
}

function convertBans(conversion: Conversion): readonly string[] {
  const bans = textsAt(conversion, 'ban_list');
  if (bans === undefined && conversion.config.get('ban_list') != null)
    keepOdd(conversion, 'ban_list', 'is no list');
  return [...new Set(bans)];
}
