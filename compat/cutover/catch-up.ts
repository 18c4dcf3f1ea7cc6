import { followList, followState, lagOf } from '../../migrate/follow/follow.ts';
import { findCutover } from '../../src/database/cutover.ts';
import { isMailman2InCharge } from '../../src/model/cutover.ts';
import { postingAddress } from '../../src/model/mailing-list.ts';
import { type CutoverContext, type MovingList, StepRefusedError } from './context.ts';

const MOST_LOOKS = 20;

/** A server that runs has applied a change by then, in milliseconds. */
const LONG_WAIT = 10_000;

/**
 * Applies what Mailman 2 has changed since the last look. Under Mailman 2's lock, nothing is missing afterwards. A dry run
 * leaves it as it is.
 * @throws StepRefusedError where its files cannot be read
 */
export async function catchUp(
  { services, site, follow, isDryRun }: CutoverContext,
  { list, cutover }: MovingList,
): Promise<void> {
  if (isDryRun) return;
  const { database } = services;
  for (let looks = 0; ; looks += 1) {
    const current = (await findCutover(database.connection, list.listId)) ?? cutover;
    if (!isMailman2InCharge(current.stage)) return;
    const followed = await followList(database, site, current, follow, { isUrgent: true });
    if (followed.kind === 'applied' && followed.state.problem === null) return;
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

/** Whether Mailman 2 has changed something that is not here yet. */
export function isBehind({ site }: CutoverContext, { cutover }: MovingList): boolean {
  return isMailman2InCharge(cutover.stage) && lagOf(site, cutover, Date.now()) > 0;
}

/** What a dry run says of changes that the step would apply first: a line, or none where a server that runs does it anyway. */
export function rehearseCatchUp({ isDryRun, site }: CutoverContext, { cutover }: MovingList): string[] {
  if (!isDryRun || !isMailman2InCharge(cutover.stage)) return [];
  if (lagOf(site, cutover, Date.now()) < LONG_WAIT) return [];
  return ['what Mailman 2 has changed since the last look is applied first'];
}
