import type { Answer } from '../../answer.ts';
import { visitModeration } from '../../moderation/visit.ts';
import type { Page } from '../../page.ts';
import { SANDBOX_POLICY } from '../../policy.ts';
import { requireHeld } from './post.ts';

/** A held post as it came, for a moderator. */
export const heldPostRaw: Page = {
  path: '/lists/:list/moderation/post/:id(^\\d{1,15}$)/raw/',
  get: async (plain): Promise<Answer> => {
    const visit = await visitModeration(plain);
    const { content } = await requireHeld(visit);
    return {
      type: 'text/plain; charset=utf-8',
      body: content,
      visibility: 'private',
      headers: { 'content-security-policy': SANDBOX_POLICY, 'x-robots-tag': 'noindex' },
    };
  },
};
