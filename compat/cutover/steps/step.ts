import { insertAudit } from '../../../src/database/cutover-audit.ts';
import type { Stage } from '../../../src/model/cutover.ts';
import { postingAddress } from '../../../src/model/mailing-list.ts';
import { takeCommand } from '../command-lock.ts';
import {
  type CutoverContext,
  type MovingList,
  openMoving,
  StepRefusedError,
  type StepReport,
} from '../context.ts';
import { rehearseSettling, settleInterrupted } from '../settle-sides.ts';

/** A step of a cutover, for the audit trail. */
export interface StepName {
  readonly action: string;
  readonly to: Stage;
}

/**
 * Takes a step with a list, alone, after ending what a killed command has left in the middle, and leaves a trail of it: that
 * it began, and how it ended. A dry run leaves none.
 * @param work returns what it did, one line each
 * @throws StepRefusedError, also where another command is at work with the list
 */
export async function takeStepOn(
  context: CutoverContext,
  listSpec: string,
  name: StepName,
  work: (moving: MovingList) => Promise<readonly string[]>,
): Promise<StepReport> {
  const found = await openMoving(context, listSpec);
  if (context.isDryRun)
    return audited(context, found, name, async () => [...rehearseSettling(found), ...(await work(found))]);
  const release = await takeCommand(context, found.list.listId);
  try {
    const settled = await settleInterrupted(context, await openMoving(context, listSpec));
    const moving = await openMoving(context, listSpec);
    return await audited(context, moving, name, async () => [...settled, ...(await work(moving))]);
  } finally {
    await release();
  }
}

async function audited(
  context: CutoverContext,
  { list, cutover }: MovingList,
  { action, to }: StepName,
  work: () => Promise<readonly string[]>,
): Promise<StepReport> {
  const { clock, database } = context.services;
  const started = performance.now();
  const seconds = (): number => Math.round(performance.now() - started) / 1000;
  const note = async (outcome: 'begun' | 'done' | 'refused' | 'failed', details: object): Promise<void> => {
    if (context.isDryRun) return;
    await insertAudit(database.connection, {
      ...{ listId: list.listId, doneAt: clock.now(), who: context.who, action, outcome },
      details: { from: cutover.stage, to, ...details },
    });
  };
  await note('begun', {});
  try {
    const did = await work();
    await note('done', { seconds: seconds(), did });
    return {
      ...{ list: postingAddress(list), action, from: cutover.stage, to },
      ...{ dry_run: context.isDryRun, seconds: seconds(), did },
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await note(error instanceof StepRefusedError ? 'refused' : 'failed', { seconds: seconds(), reason });
    throw error;
  }
}
