import { listsWithCollectedPosts } from '../database/digest-messages.ts';
import type { Services } from '../flow/step.ts';
import { runStep } from '../queue/enqueue.ts';
import { requestDigest } from './request.ts';

/**
 * Sends the digests of all lists that send them periodically, as `mailman digests --periodic` does; each list by itself.
 */
export async function sendPeriodicDigests(services: Services): Promise<void> {
  for (const listId of await listsWithCollectedPosts(services.database.connection))
    await runStep(services, (step) => requestDigest(step, listId, { periodic: true }));
}
