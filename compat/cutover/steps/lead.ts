import { takeListLock } from '../../../migrate/mailman2/list-lock.ts';
import { moveStage } from '../../../src/database/cutover.ts';
import { catchUp } from '../catch-up.ts';
import { aliasDomainIsSet } from '../checks/alias-domain-is-set.ts';
import { lmtpAnswers } from '../checks/lmtp-answers.ts';
import { postfixUsesMaps } from '../checks/postfix-uses-maps.ts';
import {
  audited,
  type CutoverContext,
  openMoving,
  requireAll,
  requireStage,
  type StepReport,
} from '../context.ts';
import { publishStages } from '../maps.ts';

/**
 * observe or alongside → lead: all mail of the list comes here. Mailman 2's lock is held while its last changes are applied
 * and the maps replaced, so that no change of a member is lost; mail waits in Postfix at worst.
 * @throws StepRefusedError, ListLockError, PostmapError
 */
export async function lead(context: CutoverContext, listSpec: string): Promise<StepReport> {
  const moving = await openMoving(context, listSpec);
  const { services, site } = context;
  const { list, cutover } = moving;
  return audited(context, moving, { action: 'lead', to: 'lead' }, async () => {
    requireStage(moving, 'lead', 'observe', 'alongside');
    await requireAll(context, moving, [aliasDomainIsSet, postfixUsesMaps, lmtpAnswers]);
    // Most of it, so that little is left to do under the lock.
    await catchUp(context, moving);
    if (context.isDryRun) return ['all its mail comes here; Mailman 2 gets nothing more'];
    const lock = await takeListLock(site.path, cutover.mailman2Name);
    const locked = performance.now();
    try {
      await catchUp(context, moving);
      lock.refresh();
      const now = services.clock.now();
      await moveStage(services.database.connection, list.listId, { from: cutover.stage, to: 'lead', now });
      await publishStages(services);
    } finally {
      lock.release();
    }
    const seconds = ((performance.now() - locked) / 1000).toFixed(2);
    return [`all its mail comes here; Mailman 2's list was locked for ${seconds} s`];
  });
}
