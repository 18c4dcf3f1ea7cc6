import { followList, followState, lagOf } from '../../migrate/follow/follow.ts';
import { findCutover } from '../../src/database/cutover.ts';
import { isMailman2InCharge } from '../../src/model/cutover.ts';
import { postingAddress } from '../../src/model/mailing-list.ts';
import { type CutoverContext, type MovingList, StepRefusedError } from './context.ts';

const MOST_LOOKS = 20;

/**
 * Applies what Mailman 2 has changed since the last look. Under Mailman 2's lock, nothing is missing afterwards.
 * @throws StepRefusedError where its files cannot be read
 */
export async function catchUp(
  { services, site, follow }: CutoverContext,
  { list, cutover }: MovingList,
): Promise<void> {
  const { database } = services;
  for (let looks = 0; ; looks += 1) {
    const current = (await findCutover(database.connection, list.listId)) ?? cutover;
    if (!isMailman2InCharge(current.stage)) return;
    const followed = await followList(database, site, current, follow);
    if (followed.kind === 'applied') return;
    const after = (await findCutover(database.connection, list.listId)) ?? current;
    if (followed.kind === 'unchanged' && lagOf(site, after, Date.now()) === 0) return;
    const problem = followed.kind === 'failed' ? followed.problem : followState(after)?.problem;
    // They may have changed again since they were looked at.
    if (followed.kind === 'unchanged' && !problem && looks < MOST_LOOKS) continue;
    throw new StepRefusedError(
      `${postingAddress(list)}: Mailman 2's files cannot be followed: ${problem ?? 'they change all the time'}`,
    );
  }
}
