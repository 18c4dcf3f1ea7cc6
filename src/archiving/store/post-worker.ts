import { parentPort } from 'node:worker_threads';
import { openDatabase } from '../../database/connection.ts';
import { tidyAfter } from '../../queue/large-messages.ts';
import { addPosts } from './add-posts.ts';
import { archiveSchema } from './migrations/index.ts';
import type { PostAnswer, PostTask } from './post-thread.ts';
import { beginThread } from './thread.ts';

const { url } = beginThread();
const database = await openDatabase(url, { schema: archiveSchema });
let last: Promise<void> = Promise.resolve();

parentPort?.on('message', (task: PostTask) => {
  // In the order in which they came, so that numbers follow it.
  last = last.then(() => work(task));
});

async function work({ id, listId, posts }: PostTask): Promise<void> {
  let answer: PostAnswer = { id };
  try {
    await addPosts(database, listId, posts);
  } catch (error) {
    answer = { id, failure: (error as Error).message };
  }
  parentPort?.postMessage(answer);
  tidyAfter(posts.reduce((octets, { bytes }) => octets + bytes.length, 0));
}
