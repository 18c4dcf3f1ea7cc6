import type { Config } from '../config/index.ts';
import { allLists } from '../database/lists.ts';
import { deleteExpiredPending } from '../database/pending.ts';
import { dropOrphanedMessages } from '../database/queue-messages.ts';
import type { Services, Step } from '../flow/step.ts';
import type { MailingList } from '../model/mailing-list.ts';
import { discardExpiredPosts } from '../moderation/held-posts.ts';
import { notifyModeratorsDaily } from '../moderation/waiting.ts';
import { runStep } from '../queue/enqueue.ts';
import { forgetOldTemplates } from '../templates/fetching.ts';
import type { Task } from './tasks.ts';

const HOUR = 3600;

/** What a server does from time to time. */
export function tasks({ mailman }: Config): Task[] {
  const every = mailman.run_tasks_every;
  return [
    {
      name: 'orphaned messages',
      every,
      run: async ({ database }) => {
        await database.transaction(dropOrphanedMessages);
      },
    },
    {
      name: 'expired tokens',
      every,
      run: async ({ database, clock, log }) => {
        const evicted = await database.transaction((connection) =>
          deleteExpiredPending(connection, clock.now()),
        );
        if (evicted > 0) log('task', `Task runner evicted ${evicted} expired pendings`);
      },
    },
    {
      name: 'old templates',
      every,
      run: async (services) => {
        await runStep(services, forgetOldTemplates);
      },
    },
    {
      name: 'posts held for too long',
      every,
      run: (services) => forEachList(services, discardExpiredPosts),
    },
    {
      name: 'reminders of moderators',
      every: HOUR,
      run: (services) => forEachList(services, notifyModeratorsDaily),
    },
  ];
}

/** Each list in a transaction of its own, so that mail goes on in between. */
async function forEachList(
  services: Services,
  work: (step: Step, list: MailingList) => Promise<unknown>,
): Promise<void> {
  for (const list of await allLists(services.database.connection)) {
    await runStep(services, (step) => work(step, list));
  }
}
