import { lists } from './0001-lists.ts';
import { queue } from './0002-queue.ts';
import { templateCache } from './0003-template-cache.ts';
import { moderation } from './0004-moderation.ts';
import { bounces } from './0005-bounces.ts';
import { digests } from './0006-digests.ts';
import { reminders } from './0007-reminders.ts';
import { sessions } from './0008-sessions.ts';
import { peopleOrder } from './0010-people-order.ts';
import { migration } from './0011-migration.ts';
import { cutover } from './0013-cutover.ts';
import { mailman2Posts } from './0014-mailman2-posts.ts';
import { listStorage } from './0020-list-storage.ts';
import { cutoverVerified } from './0021-cutover-verified.ts';
import type { Migration } from './migration.ts';

/** In order; a released one is never changed. */
export const migrations: readonly Migration[] = [
  lists,
  queue,
  templateCache,
  moderation,
  bounces,
  digests,
  reminders,
  sessions,
  cutover,
  migration,
  listStorage,
  peopleOrder,
  mailman2Posts,
  cutoverVerified,
];
