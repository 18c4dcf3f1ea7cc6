import type { CutoverContext, StepReport } from '../context.ts';
import { sharePosts } from './share-posts.ts';

/**
 * legacy → observe: a copy of each post comes here as well, and what would be done with it is recorded. Mailman 2 delivers
 * as before.
 * @throws StepRefusedError, StagesNotPublishedError
 */
export function beginObserve(context: CutoverContext, listSpec: string): Promise<StepReport> {
  const meaning = 'its posts come here as well; nothing is sent from here';
  return sharePosts(context, listSpec, { from: 'legacy', to: 'observe', meaning });
}
