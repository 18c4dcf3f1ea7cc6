import { moveStage } from '../../../src/database/cutover.ts';
import { catchUp } from '../catch-up.ts';
import { aliasDomainIsSet } from '../checks/alias-domain-is-set.ts';
import { lmtpAnswers } from '../checks/lmtp-answers.ts';
import { postfixUsesMaps } from '../checks/postfix-uses-maps.ts';
import { type CutoverContext, requireAll, requireStage, type StepReport } from '../context.ts';
import { publishStages } from '../maps.ts';
import { takeStepOn } from './step.ts';

/**
 * observe → alongside: from now on members can be handed over; nobody is yet. Commands by mail come here, and those of
 * members who are Mailman 2's go on to it.
 * @throws StepRefusedError, PostmapError
 */
export async function beginAlongside(context: CutoverContext, listSpec: string): Promise<StepReport> {
  const { services } = context;
  return takeStepOn(context, listSpec, { action: 'alongside', to: 'alongside' }, async (moving) => {
    requireStage(moving, 'alongside', 'observe');
    await requireAll(context, moving, [aliasDomainIsSet, postfixUsesMaps, lmtpAnswers]);
    await catchUp(context, moving);
    const did = ['members can be handed over; Mailman 2 still delivers to all'];
    if (context.isDryRun) return did;
    const { connection } = services.database;
    await moveStage(connection, moving.list.listId, {
      from: 'observe',
      to: 'alongside',
      now: services.clock.now(),
    });
    await publishStages(services);
    return did;
  });
}
