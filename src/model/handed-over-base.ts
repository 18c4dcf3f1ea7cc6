import type { Action } from './enums.ts';
import type { Member } from './member.ts';
import type { Preferences } from './preferences.ts';

/** A member who was handed over as Mailman 2 had it last: what differs from that here was changed here. */
export interface HandedOverBase {
  /** The key of the address. */
  readonly email: string;
  readonly originalEmail: string;
  readonly displayName: string;
  readonly moderationAction: Action | null;
  readonly preferences: Preferences;
  readonly topics: readonly string[] | null;
  readonly receiveUnmatchedTopics: boolean;
  /** Option bits as Mailman 2.1 numbers them. */
  readonly options: number;
  /** What Mailman 2 was told since, by the names of its options: not told again where that changed nothing. */
  readonly told?: Readonly<Record<string, string>>;
}

/** What Mailman 2 can know of a member. */
export function baseOf(member: Member): HandedOverBase {
  const { email, originalEmail, displayName, moderationAction, preferences, topics, receiveUnmatchedTopics } =
    member;
  const options = member.legacy?.options ?? 0;
  return {
    ...{ email, originalEmail, displayName, moderationAction, preferences, topics },
    ...{ receiveUnmatchedTopics, options },
  };
}
