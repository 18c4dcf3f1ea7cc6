import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { moveStage } from '../../../src/database/cutover.ts';
import { postingAddress } from '../../../src/model/mailing-list.ts';
import { epochFromUtc, utcFromEpoch } from '../../../src/model/time.ts';
import { type CutoverContext, requireStage, StepRefusedError, type StepReport } from '../context.ts';
import { lastPostAt } from '../logs/events.ts';
import { publishStages } from '../maps.ts';
import { takeStepOn } from './step.ts';

const DAY = 86_400;

/**
 * lead → retired: the way back is given up. Only after Mailman 2 has had no post of the list for a while.
 * @param quietDays so many
 * @throws StepRefusedError, PostmapError
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

function readLog(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
