import {
  type dmarcMitigateActions as DmarcMitigateActions,
  dmarcMitigateActions,
  fromIsListActions,
  memberModerationActions,
} from '../../src/model/enums.ts';
import type { Topic } from '../../src/model/settings/index.ts';
import { type PickleValue, PyBytes, PyDict, PyTuple } from '../pickle/values.ts';
import { type Conversion, keepAside, numberAt, setSetting, textAt } from './conversion.ts';
import { legacyPassword } from './passwords.ts';
import { addressOf } from './people.ts';

/** Converts settings of Mailman 2.1 that only together have a meaning here. */
export interface JointConverter {
  /** The names in Mailman 2.1. */
  readonly keys: readonly string[];
  readonly convert: (conversion: Conversion) => void;
}

type DmarcMitigateAction = (typeof DmarcMitigateActions)[number];

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
  const archived = numberAt(conversion, 'archive');
  if (archived === undefined) return;
  const isPrivate = numberAt(conversion, 'archive_private') !== 0;
  setSetting(
    conversion,
    'archive',
    'archive_policy',
    archived === 0 ? 'never' : isPrivate ? 'private' : 'public',
  );
}

function convertDefaultMemberAction(conversion: Conversion): void {
  const moderated = numberAt(conversion, 'default_member_moderation');
  const action = moderated ? moderationAction(conversion) : 'defer';
  setSetting(conversion, 'default_member_moderation', 'default_member_action', action);
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
  const fromIsList = numberAt(conversion, 'from_is_list') ?? 0;
  const dmarc = numberAt(conversion, 'dmarc_moderation_action') ?? 0;
  setSetting(conversion, 'from_is_list', 'from_is_list', fromIsListActions[fromIsList]);
  const always = dmarc === 0 && fromIsList > 0;
  const action: DmarcMitigateAction | undefined = dmarcMitigateActions[always ? fromIsList : dmarc];
  setSetting(conversion, 'dmarc_moderation_action', 'dmarc_mitigate_action', action);
  setSetting(conversion, 'from_is_list', 'dmarc_mitigate_unconditionally', always);
}

/** Mailman 2.1 matches each line as a regular expression at the start of an address; here `^` marks those. */
function convertAliases(conversion: Conversion): void {
  const { list, notes } = conversion;
  const lines = (textAt(conversion, 'acceptable_aliases') ?? '').split(/[\r\n]+/).map((line) => line.trim());
  const aliases = lines
    .filter((line) => line !== '')
    .map((line) => (line.startsWith('^') ? line : `^${line}`));
  const host = textAt(conversion, 'host_name')?.toLowerCase();
  if (host !== undefined && host !== list.mailHost) {
    notes.changedMeaning('host_name', `the list was at ${host} and is at ${list.mailHost} now`);
    aliases.push(`^${escapePattern(`${list.listName}@${host}`)}$`);
  }
  setSetting(conversion, 'acceptable_aliases', 'acceptable_aliases', aliases);
}

function convertTopics(conversion: Conversion): void {
  const value = conversion.config.get('topics');
  const topics = Array.isArray(value) ? value.map((item) => readTopic(conversion, item)) : [undefined];
  const complete = topics.filter((topic) => topic !== undefined);
  setSetting(conversion, 'topics', 'topics', complete.length === topics.length ? complete : undefined);
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
    keepAside(conversion, 'one_last_digest');
    return;
  }
  const addresses = [...value].map(([key, written]) => addressOf(conversion.texts, key, written));
  setSetting(conversion, 'one_last_digest', 'one_last_digest', addresses);
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
    setSetting(conversion, key, name, bytes instanceof PyBytes ? legacyPassword(bytes) : null);
  }
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
