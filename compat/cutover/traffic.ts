import type { Connection } from '../../src/database/handle.ts';
import { shadowSummaries } from '../../src/database/shadow-posts.ts';
import type { UtcTime } from '../../src/model/time.ts';

/** What both systems did with the posts of a list that they both got. */
export interface Traffic {
  readonly posts: number;
  /** Of them, those about which Mailman 2's logs have told. */
  readonly compared: number;
  /** Of these, those about which both decided alike. */
  readonly alike: number;
  /** Copies that Mailman 2 has sent, as far as its logs have told. */
  readonly by_mailman2: number;
  /** Copies that were sent from here. */
  readonly by_ferryman: number;
  readonly last: UtcTime | null;
}

const MOST_POSTS = 1000;

/** The newest posts of a list since a moment, a thousand at most. */
export async function trafficOf(connection: Connection, listId: string, since: UtcTime): Promise<Traffic> {
  const posts = await shadowSummaries(connection, listId, since, MOST_POSTS);
  const known = posts.filter(({ mailman2 }) => mailman2 !== null && mailman2.decision !== null);
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
  return {
    posts: posts.length,
    compared: known.length,
    alike: known.filter(({ decision, mailman2 }) => mailman2?.decision === decision).length,
    by_mailman2: sum(posts.map(({ mailman2 }) => mailman2?.recipients ?? 0)),
    by_ferryman: sum(posts.map(({ outcome }) => outcome.delivered.length)),
    last: posts[0]?.receivedAt ?? null,
  };
}
