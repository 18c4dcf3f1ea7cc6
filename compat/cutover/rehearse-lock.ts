import { takeListLock } from '../../migrate/mailman2/list-lock.ts';
import type { CutoverContext, MovingList } from './context.ts';

/**
 * What a dry run does with Mailman 2's lock of a list: it takes it, as the step would, and gives it back at once. Only so is it
 * known that the lock is to be had, and that the file system of its folder has links.
 * @throws ListLockError
 */
export async function rehearseLock({ site }: CutoverContext, { cutover }: MovingList): Promise<void> {
  const lock = await takeListLock(site.path, cutover.mailman2Name);
  lock.release();
}
