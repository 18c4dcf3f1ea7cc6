import { moveStage } from '../../../src/database/cutover.ts';
import type { Stage } from '../../../src/model/cutover.ts';
import { catchUp, rehearseCatchUp } from '../catch-up.ts';
import { readyForMail } from '../checks/ready-for-mail.ts';
import { readyToDeliver } from '../checks/ready-to-deliver.ts';
import { type CutoverContext, requireAll, requireStage, type StepReport } from '../context.ts';
import { publishStages } from '../maps.ts';
import { requireSameMembers } from '../same-members.ts';
import { takeStepOn } from './step.ts';

/** A stage in which both sides get the posts, and what entering it means. */
interface SharedStage {
  readonly from: Stage;
  readonly to: 'observe' | 'alongside';
  /** One line, for whoever enters it. */
  readonly meaning: string;
}

/** Enters such a stage, once Mailman 2's last changes are here. @throws StepRefusedError, StagesNotPublishedError */
export function sharePosts(
  context: CutoverContext,
  listSpec: string,
  { from, to, meaning }: SharedStage,
): Promise<StepReport> {
  const { services } = context;
  return takeStepOn(context, listSpec, { action: to, to }, async (moving) => {
    requireStage(moving, to, from);
    await requireAll(context, moving, to === 'observe' ? readyForMail : readyToDeliver);
    if (to === 'observe') await requireSameMembers(context, moving);
    else await catchUp(context, moving);
    if (context.isDryRun) return [...rehearseCatchUp(context, moving), meaning];
    const { connection } = services.database;
    await moveStage(connection, moving.list.listId, { from, to, now: services.clock.now() });
    await publishStages(services);
    return [meaning];
  });
}
