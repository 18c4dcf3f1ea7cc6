import {
  findShadowPost,
  type ShadowOutcome,
  type ShadowPost,
  updateShadowPost,
} from '../../src/database/shadow-posts.ts';
import type { Step } from '../../src/queue/step.ts';

/**
 * Lets a post go on its way that was not accepted here when Mailman 2 has accepted it. The caller sees to it that this is
 * done once for each post. It goes to those who are handed over when it is worked on: members change sides only when all that
 * Mailman 2 has accepted before is through here (see steps/hand-over).
 */
export async function followAcceptance(
  step: Step,
  { shadowId, content, outcome }: ShadowPost,
): Promise<void> {
  const { metadata } = outcome;
  if (!metadata) return;
  await step.enqueue('pipeline', content, {
    ...metadata,
    ...{ approved: true, moderator_approved: true, shadow_id: shadowId },
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
