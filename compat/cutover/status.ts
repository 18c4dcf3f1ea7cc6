import { followState, lagOf } from '../../migrate/follow/follow.ts';
import type { Site } from '../../migrate/site/site.ts';
import { allCutovers, type Cutover } from '../../src/database/cutover.ts';
import { countHandedOver } from '../../src/database/handed-over.ts';
import { findLists } from '../../src/database/lists.ts';
import { countMembers } from '../../src/database/members.ts';
import { isMailman2InCharge, type Stage } from '../../src/model/cutover.ts';
import { postingAddress } from '../../src/model/mailing-list.ts';
import { earlierBy, type UtcTime } from '../../src/model/time.ts';
import type { Services } from '../../src/queue/step.ts';
import { listBlockers } from './blockers.ts';
import { type Traffic, trafficOf } from './traffic.ts';

/** How far a list has moved. */
export interface CutoverStatus {
  readonly list: string;
  readonly stage: Stage;
  readonly since: UtcTime;
  readonly members: number;
  readonly handed_over: number;
  readonly handing_over: boolean;
  /** For how long a change at Mailman 2 has been waiting, in milliseconds; null where this server is in charge. */
  readonly lag_ms: number | null;
  /** Why Mailman 2's files cannot be followed. */
  readonly problem: string | null;
  /** What both systems did with the posts of the last day. */
  readonly traffic: Traffic;
  /** The next command. */
  readonly next: string | null;
  /** Why that would be refused, as far as it is about this list alone. */
  readonly blocked: readonly string[];
}

const DAY = 86_400;

const NEXT: Readonly<Record<Stage, string | null>> = {
  legacy: 'observe',
  observe: 'alongside',
  alongside: 'lead',
  lead: 'finish',
  retired: null,
};

/**
 * The status of lists, by address.
 * @param site undefined where Mailman 2's files cannot be looked at: then nothing is known of how far it is behind
 * @param listIds undefined for all that have or had a Mailman 2 beside them
 */
export async function cutoverStatus(
  services: Pick<Services, 'config' | 'database' | 'clock'>,
  site: Site | undefined,
  listIds?: readonly string[],
): Promise<CutoverStatus[]> {
  const { connection } = services.database;
  const since = earlierBy(services.clock.now(), DAY);
  const cutovers = await allCutovers(connection);
  const lists = await findLists(connection, listIds ?? [...cutovers.keys()]);
  const handedOver = await countHandedOver(connection);
  const found: CutoverStatus[] = [];
  for (const list of lists) {
    const cutover = cutovers.get(list.listId);
    if (!cutover) continue;
    found.push({
      ...{ list: postingAddress(list), stage: cutover.stage, since: cutover.since },
      members: await countMembers(connection, list.listId, ['member']),
      ...{ handed_over: handedOver.get(list.listId) ?? 0, handing_over: cutover.isHandingOver },
      ...following(site, cutover),
      traffic: await trafficOf(connection, list.listId, since),
      next: NEXT[cutover.stage],
      blocked: await listBlockers(services, site, list, cutover),
    });
  }
  return found.sort((a, b) => (a.list < b.list ? -1 : 1));
}

function following(site: Site | undefined, cutover: Cutover): Pick<CutoverStatus, 'lag_ms' | 'problem'> {
  if (!isMailman2InCharge(cutover.stage)) return { lag_ms: null, problem: null };
  return {
    lag_ms: site ? Math.round(lagOf(site, cutover, Date.now())) : null,
    problem: followState(cutover)?.problem ?? null,
  };
}
