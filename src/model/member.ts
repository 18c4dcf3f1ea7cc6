import type { Action, Role, SubscriptionMode } from './enums.ts';
import type { Preferences } from './preferences.ts';
import type { UtcTime } from './time.ts';

/** One address in one role on one list. */
export interface Member {
  readonly memberId: string;
  readonly listId: string;
  readonly role: Role;
  readonly addressId: string;
  /** The key of the address (see addressKey). */
  readonly email: string;
  /** As it was written when this membership was made; mail to the member goes there. */
  readonly originalEmail: string;
  /** The name on this list; '' falls back to the address's, then the user's. */
  readonly displayName: string;
  readonly subscriptionMode: SubscriptionMode;
  /** Null: the list's default for members or nonmembers decides. */
  readonly moderationAction: Action | null;
  readonly preferences: Preferences;
  readonly deliveryStatusSince: UtcTime | null;
  readonly subscribedAt: UtcTime | null;
  readonly bounce: Bounce;
  /** Names of the topics that the member wants; null is all posts. */
  readonly topics: readonly string[] | null;
  /** Whether posts that belong to no topic are wanted too. */
  readonly receiveUnmatchedTopics: boolean;
  /** What Mailman 2.1 knew of the member beside all that. */
  readonly legacy: LegacyMember | null;
}

/** How much mail to a member has bounced. */
export interface Bounce {
  readonly score: number;
  readonly lastReceived: UtcTime | null;
  readonly lastWarningSent: UtcTime | null;
  readonly totalWarningsSent: number;
}

/** Kept for the way back to Mailman 2.1, and for a first login with the old password. */
export interface LegacyMember {
  /** Option bits as Mailman 2.1 numbers them. */
  readonly options: number;
  /** In clear, as Mailman 2.1 stores it. */
  readonly password?: string;
  /** Warnings that Mailman 2.1 would still have sent. */
  readonly bounceNoticesLeft?: number;
  readonly bounceCookie?: string;
}

export const noBounce: Bounce = { score: 0, lastReceived: null, lastWarningSent: null, totalWarningsSent: 0 };
