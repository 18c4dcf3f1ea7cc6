import type { Bounce } from '../model/member.ts';
import type { ListSettings } from '../model/settings/index.ts';
import { epochFromUtc, type UtcTime } from '../model/time.ts';

/** What a bounce means for a member's score. */
export type Scoring =
  /** The first that is known. */
  | { readonly kind: 'first'; readonly bounce: Bounce }
  /** What was known is too old to count. */
  | { readonly kind: 'stale'; readonly bounce: Bounce }
  | { readonly kind: 'next'; readonly bounce: Bounce }
  /** That day has been counted. */
  | { readonly kind: 'same-day'; readonly bounce: Bounce };

/**
 * Counts a bounce: one point for each day (of UTC) on which mail bounced, from the start again once none has for
 * `bounce_info_stale_after` (mail-flow.md section 9).
 */
export function scoreBounce(
  bounce: Bounce,
  { bounce_info_stale_after }: Pick<ListSettings, 'bounce_info_stale_after'>,
  receivedAt: UtcTime,
): Scoring {
  const { lastReceived } = bounce;
  const fresh: Bounce = { ...bounce, score: 1, lastReceived: receivedAt };
  if (lastReceived === null) return { kind: 'first', bounce: fresh };
  if (dayOf(lastReceived) === dayOf(receivedAt))
    return { kind: 'same-day', bounce: { ...bounce, lastReceived: later(lastReceived, receivedAt) } };
  // Seconds, because owners have set periods that end after the year 9999.
  if (epochFromUtc(receivedAt) - epochFromUtc(lastReceived) > bounce_info_stale_after)
    return { kind: 'stale', bounce: fresh };
  return {
    kind: 'next',
    bounce: { ...bounce, score: bounce.score + 1, lastReceived: later(lastReceived, receivedAt) },
  };
}

function dayOf(time: UtcTime): string {
  return time.slice(0, 10);
}

function later(one: UtcTime, other: UtcTime): UtcTime {
  return one > other ? one : other;
}
