import type { Config } from '../config/index.ts';
import { dropOrphanedMessages } from '../database/queue-messages.ts';
import type { Task } from './tasks.ts';

/** What a server does from time to time. */
export function tasks({ mailman }: Config): Task[] {
  return [
    {
      name: 'orphaned messages',
      every: mailman.run_tasks_every,
      run: async ({ database }) => {
        await database.transaction(dropOrphanedMessages);
      },
    },
  ];
}
