import type { HandedOverBase } from '../../src/model/handed-over-base.ts';
import type { Preferences } from '../../src/model/preferences.ts';
import type { ListSettings } from '../../src/model/settings/index.ts';

/**
 * What Mailman 2.1 can be told of a member, as `ferryman_handover.py` reads it: names and values, all of them texts. Those that
 * are absent stay as they are.
 */
export type MemberOptions = Readonly<Record<string, string>>;

/** One of them. */
interface Option {
  /** As Mailman 2.1 has it; undefined for what it cannot have. */
  readonly of: (member: HandedOverBase, settings: ListSettings) => string | undefined;
  /** What of a member it is made of. */
  readonly part: (member: HandedOverBase) => Partial<HandedOverBase>;
}

/** Mailman 2.1's option bit for "no reminders". */
const NO_REMINDERS = 32;

/** As Mailman 2.1's own command `set` calls them, where it knows them. */
const OPTIONS: Readonly<Record<string, Option>> = {
  ack: preference('acknowledge_posts', (value) => flag(value === true)),
  hide: preference('hide_address', (value) => flag(value === true)),
  myposts: preference('receive_own_postings', (value) => flag(value !== false)),
  duplicates: preference('receive_list_copy', (value) => flag(value !== false)),
  digest: preference('delivery_mode', (value) => {
    if (value === null || value === 'regular') return 'off';
    return value === 'plaintext_digests' ? 'plain' : 'mime';
  }),
  language: preference('preferred_language', (value, settings) => value ?? settings.preferred_language),
  name: { of: ({ displayName }) => displayName, part: ({ displayName }) => ({ displayName }) },
  topics: { of: ({ topics }) => (topics ?? []).join('\n'), part: ({ topics }) => ({ topics }) },
  othertopics: {
    of: ({ receiveUnmatchedTopics }) => flag(receiveUnmatchedTopics),
    part: ({ receiveUnmatchedTopics }) => ({ receiveUnmatchedTopics }),
  },
  mod: {
    of: ({ moderationAction }, { default_member_action }) =>
      flag(!['accept', 'defer'].includes(moderationAction ?? default_member_action)),
    part: ({ moderationAction }) => ({ moderationAction }),
  },
  reminders: {
    of: ({ options }) => flag((options & NO_REMINDERS) === 0),
    part: ({ options }) => ({ options }),
  },
  address: {
    // Mailman 2.1 takes no others.
    of: ({ originalEmail }) => (/^[!-~]+$/.test(originalEmail) ? originalEmail : undefined),
    part: ({ email, originalEmail }) => ({ email, originalEmail }),
  },
};

/** What Mailman 2.1 calls the ways in which delivery is off. */
const DELIVERY = {
  enabled: 'on',
  unknown: 'unknown',
  by_user: 'user',
  by_moderator: 'admin',
  by_bounces: 'bounces',
} as const;

/** The options that are not as Mailman 2.1 had them last. */
export function changedOptions(
  member: HandedOverBase,
  base: HandedOverBase,
  settings: ListSettings,
): MemberOptions {
  const changed: Record<string, string> = {};
  for (const [name, { of }] of Object.entries(OPTIONS)) {
    const value = of(member, settings);
    if (value !== undefined && value !== of(base, settings)) changed[name] = value;
  }
  return changed;
}

/** How a member is to get mail, for Mailman 2.1. */
export function deliveryOption({ delivery_status }: Preferences): string {
  return DELIVERY[delivery_status ?? 'enabled'];
}

/**
 * Brings together what a member is here and what Mailman 2.1 says: of each option the side counts that has changed it since
 * `base`, and this one where both have. Beside what Mailman 2.1 can tell, all stays as it is here.
 */
export function mergedWith(
  theirs: HandedOverBase,
  ours: HandedOverBase,
  base: HandedOverBase,
  settings: ListSettings,
): HandedOverBase {
  let merged = ours;
  for (const { of, part } of Object.values(OPTIONS)) {
    const before = of(base, settings);
    if (of(ours, settings) !== before || of(theirs, settings) === before) continue;
    const { preferences, ...others } = part(theirs);
    merged = { ...merged, ...others, preferences: { ...merged.preferences, ...preferences } };
  }
  // Bits that mean nothing here are Mailman 2.1's.
  const options = (theirs.options & ~NO_REMINDERS) | (merged.options & NO_REMINDERS);
  return { ...merged, options };
}

function preference<N extends keyof Preferences>(
  name: N,
  of: (value: Preferences[N], settings: ListSettings) => string,
): Option {
  return {
    of: ({ preferences }, settings) => of(preferences[name], settings),
    part: ({ preferences }) => ({ preferences: { [name]: preferences[name] } as unknown as Preferences }),
  };
}

function flag(isOn: boolean): string {
  return isOn ? 'on' : 'off';
}
