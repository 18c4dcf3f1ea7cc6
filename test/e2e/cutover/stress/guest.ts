/** Somebody who joins a list and leaves it again and again. */
export interface Guest {
  readonly address: string;
  readonly list: string;
  /** By commands of whoever is in charge of the list, or by mail to its addresses. */
  readonly means: 'tool' | 'mail';
  /** In the order of time; no member before the first. */
  readonly changes: Change[];
}

/** A change of a membership. All times in milliseconds since 1970. */
export interface Change {
  readonly to: 'in' | 'out';
  readonly askedAt: number;
  /** When both sides had it; infinite while they have not. */
  settledAt: number;
  /** It was asked for more than once: who knows which of the answers are still on their way. */
  isAskedAgain: boolean;
}

/**
 * How many memberships of a guest there were while a post was under way: who leaves and joins again meanwhile may get it once
 * for each.
 */
export function membershipsDuring({ changes }: Guest, sentAt: number, overAt: number): number {
  return changes.filter(
    ({ to, askedAt }, index) =>
      to === 'in' &&
      askedAt <= overAt &&
      (changes[index + 1]?.settledAt ?? Number.POSITIVE_INFINITY) >= sentAt,
  ).length;
}

/**
 * Whether a guest was a member for a post that was sent at a moment and whose last copy came at another one: `either` where a
 * change was on its way in between, for then it depends on who was quicker.
 */
export function standingOf({ changes }: Guest, sentAt: number, overAt: number): 'in' | 'out' | 'either' {
  let standing: 'in' | 'out' = 'out';
  for (const { to, askedAt, settledAt, isAskedAgain } of changes) {
    if (askedAt > overAt) break;
    if (isAskedAgain || settledAt >= sentAt) return 'either';
    standing = to;
  }
  return standing;
}
