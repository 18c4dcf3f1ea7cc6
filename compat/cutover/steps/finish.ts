import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type QueueFile,
  QueueFileError,
  queueFiles,
  readQueueFile,
} from '../../../migrate/queues/queue-files.ts';
import type { Site } from '../../../migrate/site/site.ts';
import { moveStage } from '../../../src/database/cutover.ts';
import { errorCode } from '../../../src/errors.ts';
import { postingAddress } from '../../../src/model/mailing-list.ts';
import { epochFromUtc, utcFromEpoch } from '../../../src/model/time.ts';
import { type CutoverContext, requireStage, StepRefusedError, type StepReport } from '../context.ts';
import { lastPostAt } from '../logs/events.ts';
import { publishStages } from '../maps.ts';
import { takeStepOn } from './step.ts';

const DAY = 86_400;

/** Queues of Mailman 2 whose mails are yet to go to somebody; it keeps them for days where the mail server refuses them. */
const ON_THEIR_WAY: ReadonlySet<string> = new Set(['commands', 'in', 'out', 'retry', 'virgin']);

/**
 * lead → retired: the way back is given up. Only after Mailman 2 has had no post of the list for a while, and has none in hand.
 * @param quietDays so many
 * @throws StepRefusedError, StagesNotPublishedError
 */
export async function finish(
  context: CutoverContext,
  listSpec: string,
  quietDays: number,
): Promise<StepReport> {
  const { services, site, isDryRun } = context;
  return takeStepOn(context, listSpec, { action: 'finish', to: 'retired' }, async (moving) => {
    const { list, cutover } = moving;
    requireStage(moving, 'finish', 'lead');
    const now = epochFromUtc(services.clock.now());
    const led = epochFromUtc(cutover.since);
    const last = lastPostAt(readLog(join(site.path, 'logs', 'post')), cutover.mailman2Name) ?? 0;
    const quietSince = Math.max(led, last);
    if (now - quietSince < quietDays * DAY) {
      const hours = Math.ceil((quietDays * DAY - (now - quietSince)) / 3600);
      const when = `${utcFromEpoch(quietSince)?.slice(0, 16).replace('T', ' ')} UTC`;
      const why =
        last > led ? `Mailman 2 had a post of it on ${when}` : `it is led from here only since ${when}`;
      throw new StepRefusedError(
        `${postingAddress(list)}: ${why}; finish it in ${hours} h, or say for how many quiet days you ask: --quiet-days 0`,
      );
    }
    const waiting = stillAt(site, cutover.mailman2Name);
    if (waiting.length > 0) {
      throw new StepRefusedError(
        `${postingAddress(list)}: Mailman 2 has ${waiting.length} of its mails in its queues yet (qfiles/${[...new Set(waiting)].join(', qfiles/')}); finish it when they are sent`,
      );
    }
    if (!isDryRun) {
      await moveStage(services.database.connection, list.listId, {
        ...{ from: 'lead', to: 'retired' },
        now: services.clock.now(),
      });
      await publishStages(services);
    }
    return ['Mailman 2 has nothing more to do with the list; its old addresses stay here'];
  });
}

/** The queue of each mail that Mailman 2 has in hand for a list. */
function stillAt(site: Site, mailman2Name: string): string[] {
  return queueFiles(site)
    .filter((file) => ON_THEIR_WAY.has(file.queue) && isOf(file, mailman2Name))
    .map(({ queue }) => queue);
}

/** One that cannot be read has gone since it was listed, or is none that Mailman 2 could send. */
function isOf(file: QueueFile, mailman2Name: string): boolean {
  try {
    return readQueueFile(file).listName === mailman2Name;
  } catch (error) {
    if (error instanceof QueueFileError) return false;
    throw error;
  }
}

function readLog(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return '';
    throw error;
  }
}
