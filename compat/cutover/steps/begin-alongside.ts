import type { CutoverContext, StepReport } from '../context.ts';
import { sharePosts } from './share-posts.ts';

/**
 * observe → alongside: from now on members can be handed over; nobody is yet. Commands by mail come here, and those of
 * members who are Mailman 2's go on to it.
 * @throws StepRefusedError, StagesNotPublishedError
 */
export function beginAlongside(context: CutoverContext, listSpec: string): Promise<StepReport> {
  const meaning = 'members can be handed over; Mailman 2 still delivers to all';
  return sharePosts(context, listSpec, { from: 'observe', to: 'alongside', meaning });
}
