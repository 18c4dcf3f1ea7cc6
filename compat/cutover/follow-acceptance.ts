import type { Mailman2Outcome } from '../../src/database/mailman2-posts.ts';
import {
  findShadowPost,
  type ShadowOutcome,
  type ShadowPost,
  updateShadowPost,
} from '../../src/database/shadow-posts.ts';
import type { Step } from '../../src/flow/step.ts';
import { utcFromEpoch } from '../../src/model/time.ts';

/**
 * Lets a post go on its way that was not accepted here when Mailman 2 has accepted it. The caller sees to it that this is
 * done once for each post.
 */
export async function followAcceptance(
  step: Step,
  { shadowId, content, outcome, receivedAt }: ShadowPost,
  { moderated_at }: Mailman2Outcome,
): Promise<void> {
  const { metadata } = outcome;
  if (!metadata) return;
  await step.enqueue('pipeline', content, {
    ...metadata,
    ...{ approved: true, moderator_approved: true, shadow_id: shadowId },
    // The log has whole seconds. Members change sides when all that came before is through at Mailman 2.
    decided_at: (moderated_at === null ? undefined : utcFromEpoch(moderated_at + 1)) ?? receivedAt,
  });
}

/** A post that was recorded when it came has gone on its way since. */
export async function noteFollowed(
  shadowId: string,
  { recipients, delivered, is_personal }: ShadowOutcome,
  sent: Buffer | undefined,
  { connection }: Step,
): Promise<void> {
  const before = await findShadowPost(connection, shadowId);
  if (!before) return;
  await updateShadowPost(connection, shadowId, {
    outcome: { ...before.outcome, recipients, delivered, ...(is_personal ? { is_personal } : {}) },
    ...(sent ? { content: sent } : {}),
  });
}
