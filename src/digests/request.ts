import type { DigestIssue } from '../database/digest-messages.ts';
import { findList } from '../database/lists.ts';
import { leaveToMailman2 } from '../membership/mailman2-in-charge.ts';
import type { Step } from '../queue/step.ts';
import { bumpedIssue, issueToSend } from './issue.ts';
import { bumpDigest, type SentDigest, sendDigest } from './send.ts';

/** What an administrator wants done with the digests of a list; `send` and `periodic` exclude each other. */
export interface DigestRequest {
  /** Change the number first. */
  readonly bump?: boolean | undefined;
  readonly send?: boolean | undefined;
  /** Send only if the list sends periodically. */
  readonly periodic?: boolean | undefined;
  /** Change nothing, say what would be done. */
  readonly dryRun?: boolean | undefined;
}

/** What became of it. */
export interface DigestAnswer {
  /** The number of the next digest as it was. */
  readonly before: DigestIssue;
  readonly bumped: DigestIssue | undefined;
  /** The number with which a digest is sent if there is anything to send; undefined where none was wanted. */
  readonly wanted: DigestIssue | undefined;
  readonly sent: readonly SentDigest[];
}

/**
 * Bumps and sends digests of a list, for commands, REST and pages alike; undefined where the list is gone.
 * @throws Mailman2InChargeError
 */
export async function requestDigest(
  step: Step,
  listId: string,
  { bump, send, periodic, dryRun }: DigestRequest,
): Promise<DigestAnswer | undefined> {
  const list = await findList(step.connection, listId);
  if (!list) return undefined;
  if (!dryRun && (bump || send || periodic))
    await leaveToMailman2(step.connection, list, 'digests; it sends them');
  const now = step.clock.now();
  const bumped = bump ? (dryRun ? bumpedIssue(list, now) : await bumpDigest(step, listId)) : undefined;
  const isWanted = send || (periodic && list.settings.digest_send_periodic);
  return {
    before: { volume: list.volume, number: list.nextDigestNumber },
    bumped,
    wanted: isWanted ? (bumped ?? issueToSend(list, now)) : undefined,
    sent: isWanted && !dryRun ? await sendDigest(step, listId) : [],
  };
}
