import { tryCompilePattern } from '../../src/model/pattern.ts';
import { type Conversion, textAt } from './conversion.ts';
import type { ImportedMember } from './members.ts';

/** Implausible, but possible: settings in seconds that were once multiplied twice. */
const LONGEST_PLAUSIBLE_SECONDS = 10 * 365 * 86_400;

/** Lists of addresses in which entries that start with `^` are regular expressions. */
const PATTERN_LISTS = [
  'accept_these_nonmembers',
  'discard_these_nonmembers',
  'dmarc_addresses',
  'hold_these_nonmembers',
  'reject_these_nonmembers',
  'subscribe_auto_approval',
] as const;

/** Notes what was taken over as it is and deserves a look. */
export function noteDoubtful(conversion: Conversion, bans: readonly string[]): void {
  const { notes, settings, list } = conversion;
  for (const key of ['bounce_info_stale_after', 'bounce_you_are_disabled_warnings_interval'] as const) {
    const seconds = settings[key];
    if (typeof seconds === 'number' && seconds > LONGEST_PLAUSIBLE_SECONDS)
      notes.needsPerson(key, `${Math.round(seconds / 86_400)} days is hardly meant; taken over as it is`);
  }
  for (const ban of bans) {
    if (ban.startsWith('@'))
      notes.needsPerson('ban_list', `${ban} bans nobody: a ban is an address or a regular expression`);
  }
  noteBrokenPatterns(conversion, 'ban_list', bans);
  for (const key of PATTERN_LISTS)
    noteBrokenPatterns(conversion, key, (settings[key] as readonly string[] | undefined) ?? []);
  if (settings.umbrella_list === true)
    notes.changedMeaning(
      'umbrella_list',
      `members are lists; notices go to their ${textAt(conversion, 'umbrella_member_suffix') ?? '-owner'} addresses`,
    );
  const formerName = settings.display_name;
  if (typeof formerName === 'string' && formerName.toLowerCase() !== list.listName)
    notes.changedMeaning('real_name', `the list was called ${formerName} and is ${list.listName} here`);
}

/** Passes the members on, and notes at the end which languages they want that nobody speaks here. */
export function* noteLanguages(
  conversion: Conversion,
  members: Iterable<ImportedMember>,
): Generator<ImportedMember> {
  const { languages, notes, settings } = conversion;
  const missing = new Map<string, number>();
  for (const member of members) {
    const code = member.preferences.preferred_language;
    if (code !== null && !languages.has(code)) missing.set(code, (missing.get(code) ?? 0) + 1);
    yield member;
  }
  const advice = (code: string): string => `add a section [language.${code}] to mailman.cfg`;
  for (const [code, count] of missing)
    notes.needsPerson(
      'language',
      `${count} members prefer ${code}, which is not configured: ${advice(code)}`,
    );
  for (const key of ['preferred_language', 'available_languages'] as const) {
    const codes = [settings[key]].flat().filter((code) => typeof code === 'string');
    for (const code of codes.filter((code) => !languages.has(code)))
      notes.needsPerson(key, `${code} is not configured: ${advice(code)}`);
  }
}

function noteBrokenPatterns({ notes }: Conversion, key: string, entries: readonly string[]): void {
  for (const entry of entries) {
    if (entry.startsWith('^') && !tryCompilePattern(entry))
      notes.needsPerson(key, `${JSON.stringify(entry)} is no regular expression; it matches nobody`);
  }
}
