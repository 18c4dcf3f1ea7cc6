import { findCutover } from '../../src/database/cutover.ts';
import type { Step } from '../../src/flow/step.ts';
import type { QueueEntry } from '../../src/queue/entry.ts';
import { PutOffError } from '../../src/queue/errors.ts';
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
  const stage = cutover.stage === 'alongside' ? 'alongside' : 'observe';
  await step.enqueue('in', entry.message, { ...entry.metadata, stage });
}
