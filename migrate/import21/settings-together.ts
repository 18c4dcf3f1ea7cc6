import { dmarcMitigateActions, fromIsListActions, memberModerationActions } from '../../src/model/enums.ts';
import { tryCompilePattern } from '../../src/model/pattern.ts';
import type { Topic } from '../../src/model/settings/index.ts';
import { type PickleValue, PyBytes, PyDict, PyTuple } from '../pickle/values.ts';
import {
  type Conversion,
  keep,
  keepAside,
  keepOdd,
  numberAt,
  setSetting,
  textAt,
  truthAt,
} from './conversion.ts';
import { legacyPassword } from './passwords.ts';
import { escapePattern, hasTopLevelAlternative, replaceEnds } from './patterns.ts';
import { addressOf, isUsableAddress } from './people.ts';

/** Converts settings of Mailman 2.1 that only together have a meaning here. */
export interface JointConverter {
  /** The names in Mailman 2.1. */
  readonly keys: readonly string[];
  readonly convert: (conversion: Conversion) => void;
}

/** In order; later ones may use what earlier ones and the table have set. */
export const settingsTogether: readonly JointConverter[] = [
  { keys: ['archive', 'archive_private'], convert: convertArchivePolicy },
  { keys: ['default_member_moderation'], convert: convertDefaultMemberAction },
  { keys: ['from_is_list', 'dmarc_moderation_action'], convert: convertDmarc },
  { keys: ['acceptable_aliases', 'host_name'], convert: convertAliases },
  { keys: ['topics'], convert: convertTopics },
  { keys: ['one_last_digest'], convert: convertLastDigests },
  { keys: ['password', 'mod_password', 'post_password'], convert: convertPasswords },
];

function convertArchivePolicy(conversion: Conversion): void {
  const { config } = conversion;
  const archived = config.has('archive') ? truthAt(conversion, 'archive') : true;
  const secrecy = config.has('archive_private') ? truthAt(conversion, 'archive_private') : true;
  // Whatever it says, an archive is better private by mistake than public.
  if (secrecy === undefined)
    keepOdd(conversion, 'archive_private', 'has no meaning here; it counts as private');
  const policy = archived === false ? 'never' : secrecy === false ? 'public' : 'private';
  setSetting(conversion, 'archive', 'archive_policy', archived === undefined ? undefined : policy);
  if (policy === 'never') keepAside(conversion, 'archive_private', 'nothing is archived');
}

function convertDefaultMemberAction(conversion: Conversion): void {
  const moderated = truthAt(conversion, 'default_member_moderation');
  const action = moderated ? moderationAction(conversion) : 'defer';
  setSetting(
    conversion,
    'default_member_moderation',
    'default_member_action',
    moderated === undefined ? undefined : action,
  );
}

/** What happens to posts of moderated members. */
export function moderationAction(conversion: Conversion): (typeof memberModerationActions)[number] {
  return memberModerationActions[numberAt(conversion, 'member_moderation_action') ?? 0] ?? 'hold';
}

/**
 * Without an action of its own for DMARC, `from_is_list` is the mitigation of every post. With one, both apply: the
 * action to posts of domains that ask for it, `from_is_list` to the others.
 */
function convertDmarc(conversion: Conversion): void {
  const fromIsList = codeAt(conversion, 'from_is_list');
  const dmarc = codeAt(conversion, 'dmarc_moderation_action');
  const mitigation = fromIsListActions[fromIsList];
  const always = dmarc === 0 && mitigation !== undefined && fromIsList > 0;
  setSetting(conversion, 'from_is_list', 'from_is_list', always ? 'no_mitigation' : mitigation);
  setSetting(
    conversion,
    'dmarc_moderation_action',
    'dmarc_mitigate_action',
    always ? mitigation : dmarcMitigateActions[dmarc],
  );
  setSetting(conversion, 'from_is_list', 'dmarc_mitigate_unconditionally', always);
}

/** A number that stands for a name: 0 where an older version did not have the setting yet, -1 where it is none. */
function codeAt(conversion: Conversion, key: string): number {
  return conversion.config.has(key) ? (numberAt(conversion, key) ?? -1) : 0;
}

/**
 * Mailman 2.1 matches each line as a regular expression at the start of an address, and one without `@` also of its
 * local part; here `^` marks those. Mail to the list's own name counts at whatever host it was sent to.
 */
function convertAliases(conversion: Conversion): void {
  const { list, notes, config } = conversion;
  const text = textAt(conversion, 'acceptable_aliases');
  if (text === undefined && config.get('acceptable_aliases') != null)
    keepOdd(conversion, 'acceptable_aliases', 'is no text');
  const lines = (text ?? '').split(/[\r\n]+/).map((line) => line.trim());
  const aliases = lines.filter((line) => line !== '').map((line) => aliasPattern(conversion, line));
  const host = textAt(conversion, 'host_name')?.toLowerCase();
  if (host === undefined && config.get('host_name') != null) keepOdd(conversion, 'host_name', 'is no text');
  if (host !== undefined && host !== list.mailHost) {
    keepAside(conversion, 'host_name', 'the list has moved to another domain');
    notes.changedMeaning('host_name', `the list was at ${host} and is at ${list.mailHost} now`);
  }
  aliases.push(`^${escapePattern(list.listName)}@`);
  setSetting(conversion, 'acceptable_aliases', 'acceptable_aliases', [...new Set(aliases)]);
}

function aliasPattern({ notes }: Conversion, line: string): string {
  if (!tryCompilePattern(line)) {
    notes.changedMeaning(
      'acceptable_aliases',
      `${JSON.stringify(line)} is no regular expression; it counts as plain text, as in Mailman 2.1`,
    );
    return `^${escapePattern(line)}`;
  }
  const pattern = line.includes('@') ? line : replaceEnds(line, '(?:@|$)');
  if (hasTopLevelAlternative(pattern)) return `^(?:${pattern})`;
  return pattern.startsWith('^') ? pattern : `^${pattern}`;
}

function convertTopics(conversion: Conversion): void {
  const value = conversion.config.get('topics');
  if (!Array.isArray(value)) {
    keepOdd(conversion, 'topics', 'is no list of topics');
    return;
  }
  const topics = value.map((item) => readTopic(conversion, item));
  const found = topics.filter((topic) => topic !== undefined);
  if (found.length < topics.length)
    keepOdd(conversion, 'topics', 'has topics that cannot be understood; the others count');
  setSetting(conversion, 'topics', 'topics', found);
}

/** (name, patterns, description, flag); the flag has no use in Mailman 2.1 either. */
function readTopic({ texts }: Conversion, value: PickleValue): Topic | undefined {
  if (!(value instanceof PyTuple) && !Array.isArray(value)) return undefined;
  const [name, patterns, description] = [...value].map((part) => texts.read(part, 'topics'));
  return name === undefined || patterns === undefined
    ? undefined
    : { name, patterns, description: description ?? '' };
}

function convertLastDigests(conversion: Conversion): void {
  const value = conversion.config.get('one_last_digest');
  if (!(value instanceof PyDict)) {
    keepOdd(conversion, 'one_last_digest', 'is no dictionary');
    return;
  }
  const odd = new PyDict();
  const addresses: string[] = [];
  for (const [key, written] of value) {
    const address = addressOf(conversion.texts, key, written);
    if (isUsableAddress(address)) addresses.push(address);
    else odd.set(key, written);
  }
  setSetting(conversion, 'one_last_digest', 'one_last_digest', addresses);
  if (odd.size === 0) return;
  keep(conversion, 'one_last_digest', odd);
  conversion.notes.needsPerson('one_last_digest', `${odd.size} entries that are no addresses are kept aside`);
}

function convertPasswords(conversion: Conversion): void {
  const names = {
    password: 'admin_password',
    mod_password: 'moderator_password',
    post_password: 'poster_password',
  } as const;
  for (const [key, name] of Object.entries(names)) {
    const stored = conversion.config.get(key);
    if (stored === undefined) continue;
    const bytes = typeof stored === 'string' ? PyBytes.utf8(stored) : stored;
    if (bytes !== null && !(bytes instanceof PyBytes))
      keepOdd(conversion, key, 'is no password; none is set');
    setSetting(conversion, key, name, bytes instanceof PyBytes ? legacyPassword(bytes) : null);
  }
}
