import { followList, lagOf } from '../../migrate/follow/follow.ts';
import { findCutover } from '../../src/database/cutover.ts';
import { postingAddress } from '../../src/model/mailing-list.ts';
import { type CutoverContext, type MovingList, StepRefusedError } from './context.ts';

/**
 * Applies what Mailman 2 has changed since the last look. Under Mailman 2's lock, nothing is missing afterwards.
 * @throws StepRefusedError where its files cannot be read
 */
export async function catchUp(
  { services, site, follow }: CutoverContext,
  { list, cutover }: MovingList,
): Promise<void> {
  const { database } = services;
  const current = (await findCutover(database.connection, list.listId)) ?? cutover;
  const followed = await followList(database, site, current, follow);
  const after = (await findCutover(database.connection, list.listId)) ?? current;
  if (followed.kind === 'failed' || (followed.kind === 'unchanged' && lagOf(site, after, Date.now()) > 0)) {
    const problem =
      followed.kind === 'failed' ? followed.problem : 'its files could not be read at the last look';
    throw new StepRefusedError(`${postingAddress(list)}: Mailman 2's files cannot be followed: ${problem}`);
  }
}
