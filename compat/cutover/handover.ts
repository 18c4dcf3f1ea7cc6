import { findCutover } from '../../src/database/cutover.ts';
import { isMailman2InCharge } from '../../src/model/cutover.ts';
import type { Processor } from '../../src/queue/engine.ts';
import type { QueueEntry } from '../../src/queue/entry.ts';
import { PutOffError } from '../../src/queue/errors.ts';
import type { Step } from '../../src/queue/step.ts';
import { relayToMailman2 } from './relay.ts';

/** How long a post waits until it is looked at again, in seconds. */
const PAUSE = 0.5;

/**
 * A post that came while members changed sides: it waits until that is over. Then Mailman 2 gets it, unless it has nothing
 * more to do with the list, and it goes on here as every post alongside.
 * @throws PutOffError
 */
export async function releaseAfterHandover(entry: QueueEntry, step: Step): Promise<void> {
  const cutover = await findCutover(step.connection, entry.metadata.listid ?? '');
  if (cutover?.isHandingOver) throw new PutOffError('members are changing sides', PAUSE);
  if (cutover?.stage === 'lead' || cutover?.stage === 'retired' || !cutover) {
    const { stage: _over, ...metadata } = entry.metadata;
    await step.enqueue('in', entry.message, metadata);
    return;
  }
  await relayToMailman2(entry, step, cutover);
  if (cutover.stage === 'legacy' || !entry.metadata.to_list) return;
  await step.enqueue('in', entry.message, { ...entry.metadata, stage: cutover.stage });
}

/**
 * A post whose address says nothing of a stage, because the list was led from here when Postfix took it: Mailman 2 gets it
 * where it has the list back.
 */
export function postWithoutStage(own: Processor): Processor {
  return async (entry, step) => {
    // Most servers have no Mailman 2 beside them.
    if (step.config.cutover.mailman2_var_dir === '') return own(entry, step);
    const cutover = await findCutover(step.connection, entry.metadata.listid ?? '');
    const isBack = cutover !== undefined && isMailman2InCharge(cutover.stage);
    return isBack ? releaseAfterHandover(entry, step) : own(entry, step);
  };
}

/** A post that both have got is put off in the moment in which members change sides. @throws PutOffError */
export function unlessFrozen(own: Processor): Processor {
  return async (entry, step) => {
    const cutover = await findCutover(step.connection, entry.metadata.listid ?? '');
    if (cutover?.isFrozen) throw new PutOffError('members are changing sides', PAUSE);
    await own(entry, step);
  };
}
