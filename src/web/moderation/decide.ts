import { decideRequest } from '../../membership/workflow/moderate.ts';
import { RequestRefused } from '../../membership/workflow/refusal.ts';
import { type Decision, decideHeldPost } from '../../moderation/held-posts.ts';
import { runStep } from '../../queue/enqueue.ts';
import type { DoorVisit } from '../lists/list-door.ts';

/** How many a decision was about, and how many of them others had decided before. */
export interface Decided {
  readonly done: number;
  readonly gone: number;
}

/**
 * Carries out one decision about several held posts, each in a transaction of its own, so that one that fails takes no
 * other along.
 */
export async function decidePosts(
  { services, list, viewer }: DoorVisit,
  requestIds: readonly number[],
  decision: Decision,
  options: Parameters<typeof decideHeldPost>[4] = {},
): Promise<Decided> {
  let done = 0;
  for (const requestId of requestIds) {
    const found = await runStep(services, (step) => decideHeldPost(step, list, requestId, decision, options));
    if (found) done += 1;
  }
  if (done > 0)
    services.log(
      'vette',
      `${list.listName}: ${decision.kind} of ${done} held, by ${viewer?.addresses[0]} on the web`,
    );
  return { done, gone: requestIds.length - done };
}

/** The same for people who want to join or to leave. */
export async function decideRequests(
  { services, list }: DoorVisit,
  tokens: readonly string[],
  decision: Decision,
): Promise<Decided> {
  let done = 0;
  for (const token of tokens) {
    try {
      await runStep(services, (step) => decideRequest(step, list, token, decision));
      done += 1;
    } catch (error) {
      if (!(error instanceof RequestRefused)) throw error;
      // One that has become a member meanwhile has nothing to be asked any more.
      if (error.reason !== 'unknown_token')
        await runStep(services, (step) => decideRequest(step, list, token, { kind: 'discard' })).catch(
          ignoreRefusal,
        );
    }
  }
  return { done, gone: tokens.length - done };
}

function ignoreRefusal(error: unknown): void {
  if (!(error instanceof RequestRefused)) throw error;
}
