import { putDigestAside } from '../../../migrate/mailman2/digest-file.ts';
import { takeListLock } from '../../../migrate/mailman2/list-lock.ts';
import { moveStage } from '../../../src/database/cutover.ts';
import { lockList } from '../../../src/database/lists.ts';
import { catchUp, rehearseCatchUp } from '../catch-up.ts';
import { mailman2CanBeWritten } from '../checks/mailman2-can-be-written.ts';
import { readyToDeliver } from '../checks/ready-to-deliver.ts';
import { type CutoverContext, requireAll, requireStage, type StepReport } from '../context.ts';
import { publishStages } from '../maps.ts';
import { rehearseLock } from '../rehearse-lock.ts';
import { takeStepOn } from './step.ts';

/**
 * observe or alongside → lead: all mail of the list comes here. Mailman 2's lock is held while its last changes are applied
 * and the maps replaced, so that no change of a member is lost; mail waits in Postfix at worst.
 * @throws StepRefusedError, ListLockError, StagesNotPublishedError
 */
export async function lead(context: CutoverContext, listSpec: string): Promise<StepReport> {
  const { services, site } = context;
  return takeStepOn(context, listSpec, { action: 'lead', to: 'lead' }, async (moving) => {
    const { list, cutover } = moving;
    requireStage(moving, 'lead', 'observe', 'alongside');
    await requireAll(context, moving, [...readyToDeliver, mailman2CanBeWritten]);
    // Most of it, so that little is left to do under the lock.
    await catchUp(context, moving);
    if (context.isDryRun) {
      await rehearseLock(context, moving);
      return [
        ...rehearseCatchUp(context, moving),
        "all its mail comes here, and Mailman 2 gets nothing more; Mailman 2's list is locked meanwhile",
      ];
    }
    const lock = await takeListLock(site.path, cutover.mailman2Name);
    const locked = performance.now();
    try {
      await catchUp(context, moving);
      lock.refresh();
      const now = services.clock.now();
      await services.database.transaction(async (connection) => {
        // Whoever applies Mailman 2's files at this moment is done before, or finds that they count no more.
        await lockList(connection, list.listId);
        await moveStage(connection, list.listId, { from: cutover.stage, to: 'lead', now });
      });
      putDigestAside(site.path, cutover.mailman2Name);
      await publishStages(services);
    } finally {
      lock.release();
    }
    const seconds = ((performance.now() - locked) / 1000).toFixed(2);
    return [`all its mail comes here; Mailman 2's list was locked for ${seconds} s`];
  });
}
