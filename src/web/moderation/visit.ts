import { ForbiddenError, SignInNeededError } from '../errors.ts';
import { type DoorVisit, visitDoor } from '../lists/list-door.ts';
import { runsList } from '../lists/standing.ts';
import type { Visit } from '../visit.ts';

/**
 * A request for a page of those who run a list.
 * @throws NotFoundError, SignInNeededError, ForbiddenError where the viewer does not
 */
export async function visitModeration(plain: Visit): Promise<DoorVisit> {
  const visit = await visitDoor(plain);
  if (!visit.viewer) throw new SignInNeededError('Moderation needs a moderator');
  if (!runsList(visit.viewer, visit.list)) throw new ForbiddenError('error_moderators_only');
  return visit;
}
