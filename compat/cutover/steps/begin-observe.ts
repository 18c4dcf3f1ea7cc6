import { moveStage } from '../../../src/database/cutover.ts';
import { catchUp } from '../catch-up.ts';
import { aliasDomainIsSet } from '../checks/alias-domain-is-set.ts';
import { lmtpAnswers } from '../checks/lmtp-answers.ts';
import { postfixUsesMaps } from '../checks/postfix-uses-maps.ts';
import { type CutoverContext, requireAll, requireStage, type StepReport } from '../context.ts';
import { publishStages } from '../maps.ts';
import { takeStepOn } from './step.ts';

/**
 * legacy → observe: a copy of each post comes here as well, and what would be done with it is recorded. Mailman 2 delivers
 * as before.
 * @throws StepRefusedError, PostmapError
 */
export async function beginObserve(context: CutoverContext, listSpec: string): Promise<StepReport> {
  const { services } = context;
  return takeStepOn(context, listSpec, { action: 'observe', to: 'observe' }, async (moving) => {
    requireStage(moving, 'observe', 'legacy');
    await requireAll(context, moving, [aliasDomainIsSet, postfixUsesMaps, lmtpAnswers]);
    await catchUp(context, moving);
    const did = ['its posts come here as well; nothing is sent from here'];
    if (context.isDryRun) return did;
    const { connection } = services.database;
    await moveStage(connection, moving.list.listId, {
      from: 'legacy',
      to: 'observe',
      now: services.clock.now(),
    });
    await publishStages(services);
    return did;
  });
}
