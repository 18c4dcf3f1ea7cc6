import { takePostNumber } from '../database/lists.ts';
import type { Step } from '../queue/step.ts';
import type { Post } from './post.ts';

/**
 * The number of a post, which no other post of the list gets: the first question takes it from the list's counter, in
 * the transaction of the step, and later ones give it again.
 */
export async function postNumber({ list, metadata }: Post, { connection }: Step): Promise<number> {
  metadata.post_number ??= await takePostNumber(connection, list.listId);
  return metadata.post_number;
}
