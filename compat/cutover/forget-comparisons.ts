import { allCutovers } from '../../src/database/cutover.ts';
import { deleteMailman2Posts, emptyMailman2Posts } from '../../src/database/mailman2-posts.ts';
import { deleteShadowPosts, emptyShadowPosts } from '../../src/database/shadow-posts.ts';
import { earlierBy } from '../../src/model/time.ts';
import type { Services } from '../../src/queue/step.ts';

const DAY = 86_400;

/** How long posts of a list that moves are compared. */
const COMPARED = 90 * DAY;
/** How long what was in them stays when a list has moved, and how long what became of them. */
const CONTENT_OF_MOVED = 30 * DAY;
const SUMMARY_OF_MOVED = 365 * DAY;

/**
 * Forgets posts that were noted to compare both sides. While a list moves, those stay of which Mailman 2's side is not known,
 * and those that it holds. When it has moved, the posts go first and what became of them much later.
 */
export async function forgetComparisons({ database, clock }: Services): Promise<void> {
  const now = clock.now();
  const cutovers = await allCutovers(database.connection);
  for (const { listId, stage } of cutovers.values()) {
    const hasMoved = stage === 'retired';
    const before = earlierBy(now, hasMoved ? SUMMARY_OF_MOVED : COMPARED);
    await database.transaction(async (connection) => {
      await deleteShadowPosts(connection, listId, before, { all: hasMoved });
      await deleteMailman2Posts(connection, listId, before, { all: hasMoved });
      if (!hasMoved) return;
      await emptyShadowPosts(connection, listId, earlierBy(now, CONTENT_OF_MOVED));
      await emptyMailman2Posts(connection, listId, earlierBy(now, CONTENT_OF_MOVED));
    });
  }
}
