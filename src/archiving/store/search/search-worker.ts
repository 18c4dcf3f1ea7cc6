import { parentPort } from 'node:worker_threads';
import { openDatabase } from '../../../database/connection.ts';
import { Dictionaries } from '../content.ts';
import { archiveSchema } from '../migrations/index.ts';
import { beginThread } from '../thread.ts';
import { searchIn } from './search-in.ts';
import type { SearchAnswer, SearchQuestion } from './search-thread.ts';

const { url } = beginThread();
const database = await openDatabase(url, { schema: archiveSchema });
const dictionaries = new Dictionaries();

parentPort?.on('message', async ({ id, query }: SearchQuestion) => {
  let answer: SearchAnswer;
  try {
    answer = { id, result: await searchIn(database, dictionaries, query) };
  } catch (error) {
    answer = { id, failure: (error as Error).message };
  }
  parentPort?.postMessage(answer);
});
