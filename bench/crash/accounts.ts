import type { AccountingSink, Copy } from './accounting-sink.ts';
import type { Poster } from './poster.ts';

/** What came of posts through crashes. */
export interface Accounts {
  /** Copies of accepted posts that somebody did not get. */
  readonly lost: number;
  /** Messages that are not as they were handed in. */
  readonly damaged: number;
  /** Copies that nobody should have got: to somebody else, or of something else. */
  readonly strange: number;
  /** Copies that came again because their SMTP transaction was in flight at a crash. */
  readonly repeated: number;
  /** Copies that came again because the reply to LMTP got lost, so that the post was handed in again. */
  readonly handedInAgain: number;
  /** Copies that came again for no such reason. */
  readonly unexplained: number;
}

/** Compares what was handed in with what arrived. */
export function drawUp(
  posts: number,
  members: readonly string[],
  poster: Poster,
  sink: AccountingSink,
): Accounts {
  const accounts = { lost: 0, repeated: 0, handedInAgain: 0, unexplained: 0 };
  const expected = new Set<Copy>();
  for (let post = 0; post < posts; post += 1) {
    const attempts: string[] = [];
    for (let attempt = 0; poster.fates.has(`${post}.${attempt}`); attempt += 1)
      attempts.push(`${post}.${attempt}`);
    for (const id of attempts) for (const member of members) expected.add(`${id} ${member}`);
    const accepted = attempts.filter((id) => poster.fates.get(id) === 'accepted');
    const maybe = attempts.filter((id) => poster.fates.get(id) === 'unknown').length;
    for (const member of members) {
      const copies = attempts.map((id): Copy => `${id} ${member}`).filter((copy) => sink.taken.has(copy));
      // What got no answer may have been lost; what was accepted may not, even where the earlier attempt went out.
      const missing = accepted.filter((id) => !sink.taken.has(`${id} ${member}`)).length;
      accounts.lost += accepted.length === 0 ? 1 : missing;
      for (const copy of copies) {
        const again = (sink.taken.get(copy) ?? 0) - 1;
        const allowed = Math.min(again, sink.inFlight.get(copy) ?? 0);
        accounts.repeated += allowed;
        accounts.unexplained += again - allowed;
      }
      const twice = Math.max(0, copies.length - 1);
      accounts.handedInAgain += Math.min(twice, maybe);
      accounts.unexplained += Math.max(0, twice - maybe);
    }
  }
  const strange = [...sink.taken.keys()].filter((copy) => !expected.has(copy)).length;
  return { ...accounts, damaged: sink.damaged, strange };
}
