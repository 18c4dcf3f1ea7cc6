import type { Connection } from '../../src/database/handle.ts';
import {
  claimUnsettled,
  type Mailman2Post,
  unsettledMailman2Posts,
} from '../../src/database/mailman2-posts.ts';
import {
  findShadowPosts,
  type ShadowPost,
  unexplainedShadowPosts,
  updateShadowPost,
} from '../../src/database/shadow-posts.ts';
import { earlierBy, type UtcTime, utcFromEpoch } from '../../src/model/time.ts';
import { runStep } from '../../src/queue/enqueue.ts';
import type { Services } from '../../src/queue/step.ts';
import { followAcceptance } from './follow-acceptance.ts';
import { isAccepted, isMadeByMailman2, NO_MESSAGE_ID } from './logs/knowledge.ts';

/** How long after Mailman 2 a post may come here, in seconds: then it is not waited for any more. */
const PATIENCE = 3600;

/** Within which time a post without a Message-ID that both know must have come here, in seconds: before and after it was sent. */
const BEFORE = 900;
const AFTER = 120;

/**
 * Tells the posts that came here what Mailman 2 did with them. What it has accepted, and this server has not, goes on
 * its way here as well: alongside, to the members that were handed over.
 * @returns how many posts did so
 */
export async function settlePosts(services: Services): Promise<number> {
  const since = earlierBy(services.clock.now(), PATIENCE);
  let followed = 0;
  for (const post of await unsettledMailman2Posts(services.database.connection, since)) {
    if (post.outcome.decision === null) continue;
    followed += await settle(services, post);
  }
  return followed;
}

async function settle(services: Services, post: Mailman2Post): Promise<number> {
  if ((await counterparts(services.database.connection, post)).length === 0) return 0;
  return runStep(services, async (step) => {
    // Of several servers one does it.
    if (!(await claimUnsettled(step.connection, post.postId))) return 0;
    const shadows = await counterparts(step.connection, post);
    const wasDelivered = shadows.some(
      ({ decision, stage, mailman2 }) => (decision === 'accept' && stage !== 'observe') || mailman2?.followed,
    );
    const late = wasDelivered || !isAccepted(post.outcome) ? undefined : shadows.findLast(waitsForMailman2);
    for (const shadow of shadows) {
      const followed = shadow === late || shadow.mailman2?.followed === true;
      await updateShadowPost(step.connection, shadow.shadowId, {
        mailman2: { ...post.outcome, followed },
      });
    }
    if (late) await followAcceptance(step, late);
    return late ? 1 : 0;
  });
}

function waitsForMailman2({ decision, outcome }: ShadowPost): boolean {
  return decision !== 'accept' && outcome.metadata !== undefined;
}

/** The posts that came here of which one in Mailman 2's logs tells. */
async function counterparts(connection: Connection, post: Mailman2Post): Promise<ShadowPost[]> {
  const { listId, messageId, outcome } = post;
  if (messageId !== NO_MESSAGE_ID && !isMadeByMailman2(messageId)) {
    return findShadowPosts(connection, listId, messageId);
  }
  const at = outcome.decided_at ?? 0;
  const [from, until] = [utcFromEpoch(at - BEFORE), utcFromEpoch(at + AFTER)];
  if (!from || !until) return [];
  const candidates = await unexplainedShadowPosts(connection, listId, from as UtcTime, until as UtcTime);
  const found = candidates.find((shadow) => shadow.outcome.sender === outcome.sender);
  return found ? [found] : [];
}
