import { processBounces } from '../bounces/process-bounces.ts';
import { warnAndRemove } from '../bounces/warn-and-remove.ts';
import type { Config } from '../config/index.ts';
import { listsOfMailman2 } from '../database/cutover.ts';
import { allLists } from '../database/lists.ts';
import { deleteExpiredPending } from '../database/pending.ts';
import { dropOrphanedMessages } from '../database/queue-messages.ts';
import { deleteExpiredSignIns } from '../database/web-sessions.ts';
import { sendPeriodicDigests } from '../digests/periodic.ts';
import type { MailingList } from '../model/mailing-list.ts';
import { discardExpiredPosts } from '../moderation/held-posts.ts';
import { notifyModeratorsDaily } from '../moderation/waiting.ts';
import { mendMaps } from '../mta/maps/index.ts';
import { whyNotWritten } from '../mta/maps/why-not-written.ts';
import { gateNews } from '../news/gate.ts';
import { runStep } from '../queue/enqueue.ts';
import type { Services, Step } from '../queue/step.ts';
import { forgetOldTemplates } from '../templates/fetching.ts';
import { isStarted } from './processors.ts';
import type { Task } from './tasks.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

/** How long posts wait at worst when a command was killed that changes who delivers them, in seconds. */
const MOVING = 5;

/** How long the mail server goes by old maps at worst, where whoever made a list could not write them, in seconds. */
const MENDING = 300;

/** What a server does from time to time. */
export function tasks(config: Config): Task[] {
  const every = config.mailman.run_tasks_every;
  return [
    ...(isStarted(config, 'bounces') ? bounceTasks(config) : []),
    { name: 'maps for the mail server', every: MENDING, atStart: true, run: mend },
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
      name: 'ended sessions',
      every,
      run: ({ database, clock }) =>
        database.transaction((connection) => deleteExpiredSignIns(connection, clock.now())),
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
    { name: 'periodic digests', every: HOUR, run: sendPeriodicDigests },
    // All that is needed beside a Mailman 2 is loaded only there.
    ...(config.cutover.mailman2_var_dir === '' ? [] : [keepMoving, followMailman2(), oldComparisons]),
    ...(isStarted(config, 'nntp')
      ? [{ name: 'newsgroups', every: config.nntp.gatenews_every, run: fetchNews }]
      : []),
  ];
}

const keepMoving: Task = {
  name: 'lists that move',
  every: MOVING,
  atStart: true,
  run: async (services) => {
    const { keepMoving: run } = await import('../../compat/cutover/keep-moving.ts');
    await run(services);
  },
};

const oldComparisons: Task = {
  name: 'old comparisons with Mailman 2',
  every: DAY,
  run: async (services) => {
    const { forgetComparisons } = await import('../../compat/cutover/forget-comparisons.ts');
    await forgetComparisons(services);
  },
};

/** `[cutover] mailman2_var_dir`: what its Mailman 2 changes is here within two seconds. */
function followMailman2(): Task {
  let follower: { look(): Promise<void> } | undefined;
  return {
    name: 'following Mailman 2',
    every: 1,
    atStart: true,
    run: async (services) => {
      const { Mailman2Follower } = await import('../../compat/cutover/follow-task.ts');
      follower ??= new Mailman2Follower(services);
      await follower.look();
    },
  };
}

/** `[runner.bounces] sleep_time` says how often bounces are counted; nobody waits for a warning to the minute. */
function bounceTasks({ runners }: Config): Task[] {
  const periods = [...runners.values()]
    .filter(({ kind }) => kind === 'bounces')
    .map((runner) => runner.sleep_time);
  return [
    {
      name: 'bounces',
      every: Math.min(...periods, HOUR),
      atStart: true,
      run: (services) => untilDone(services, processBounces),
    },
    { name: 'disabled members', every: HOUR, run: (services) => untilDone(services, warnAndRemove) },
  ];
}

/** Batch by batch, each in a transaction of its own, so that mail goes on in between. */
async function untilDone(services: Services, batch: (step: Step) => Promise<boolean>): Promise<void> {
  while (await runStep(services, (step) => batch(step)));
}

/** Each list in a transaction of its own, so that mail goes on in between; those that a Mailman 2 has in charge are its own. */
async function forEachList(
  services: Services,
  work: (step: Step, list: MailingList) => Promise<unknown>,
): Promise<void> {
  const { connection } = services.database;
  const others = await listsOfMailman2(connection);
  for (const list of await allLists(connection)) {
    if (!others.has(list.listId)) await runStep(services, (step) => work(step, list));
  }
}

async function mend({ config, database, clock, log }: Services): Promise<void> {
  try {
    if (await mendMaps(config, database.connection, clock.now())) log('task', 'Maps were mended');
  } catch (error) {
    log('error', `The maps for the mail server cannot be written: ${whyNotWritten(error)}`);
  }
}

async function fetchNews(services: Services): Promise<void> {
  await gateNews(services);
}
