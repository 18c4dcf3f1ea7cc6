import { listsOfMailman2 } from '../database/cutover.ts';
import { listsWithCollectedPosts } from '../database/digest-messages.ts';
import { earlierBy, SECONDS_PER_DAY } from '../model/time.ts';
import { runStep } from '../queue/enqueue.ts';
import type { Services } from '../queue/step.ts';
import { requestDigest } from './request.ts';

/**
 * Sends the digests of lists that send them periodically and have a post that has waited for a day; each list by itself.
 * Where `mailman digests --periodic` runs from cron every day, no post waits that long.
 */
export async function sendPeriodicDigests(services: Services): Promise<void> {
  const aDayAgo = earlierBy(services.clock.now(), SECONDS_PER_DAY);
  const { connection } = services.database;
  const others = await listsOfMailman2(connection);
  for (const listId of await listsWithCollectedPosts(connection, aDayAgo)) {
    // Its Mailman 2 sends them.
    if (others.has(listId)) continue;
    await runStep(services, (step) => requestDigest(step, listId, { periodic: true }));
  }
}
