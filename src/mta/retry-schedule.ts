import type { UtcTime } from '../model/time.ts';
import { later } from '../queue/later.ts';
import type { MessageMetadata } from '../queue/queues.ts';

/**
 * Pause before the second attempt, in seconds: the mail server on the same machine is back soon after it was started anew.
 * Each further one doubles it up to the pause of Mailman's retry runner.
 */
const FIRST_PAUSE = 5;
const LONGEST_PAUSE = 900;

/** A post on its way to Mailman 2 goes to the mail server beside both, and the next change of sides waits for it. */
const RELAY_PAUSE = 2;

/** When to try deferred recipients again, or that it is time to give them up. */
export type Retry =
  | { readonly giveUp: true }
  | { readonly giveUp: false; readonly runAt: UtcTime; readonly metadata: MessageMetadata };

/**
 * As in Mailman, the period begins anew whenever the number of failing recipients has changed.
 * @param attempts that were made, this one included
 * @param period `[mta] delivery_retry_period` in seconds
 */
export function planRetry(
  metadata: MessageMetadata,
  deferred: readonly string[],
  attempts: number,
  now: UtcTime,
  period: number,
): Retry {
  const isProgress = metadata.last_recip_count !== deferred.length || metadata.deliver_until === undefined;
  if (!isProgress && metadata.deliver_until !== undefined && now > metadata.deliver_until)
    return { giveUp: true };
  const until = isProgress ? later(now, period) : metadata.deliver_until;
  const pause = metadata.relayed
    ? RELAY_PAUSE
    : Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(attempts - 1, 10));
  return {
    giveUp: false,
    runAt: later(now, pause),
    metadata: {
      ...metadata,
      recipients: [...deferred],
      last_recip_count: deferred.length,
      ...(until === undefined ? {} : { deliver_until: until }),
    },
  };
}
