import { takeMembers } from '../../migrate/follow/handed-over-members.ts';
import { numberOf, PyDict, PyTuple } from '../../migrate/pickle/values.ts';
import { openLiveList } from '../../migrate/site/source-list.ts';
import { endHandingOver } from '../../src/database/cutover.ts';
import { basesOf, deleteHandedOver, handedOverOf } from '../../src/database/handed-over.ts';
import { lockList } from '../../src/database/lists.ts';
import { catchUp } from './catch-up.ts';
import type { CutoverContext, MovingList } from './context.ts';
import { publishStages } from './maps.ts';

/** Mailman 2.1's number for delivery that the administrator has switched off. */
const BY_ADMIN = 3;

/**
 * Makes what is noted here agree with what Mailman 2 does for these members, and lets posts go on: also after a kill in the
 * middle, for Mailman 2's own file tells how far it came.
 * @param handedBack who certainly went back: Mailman 2's file does not tell of those whose delivery an administrator has switched
 *   off here
 * @returns how many are on the other side now
 * @throws StepRefusedError where Mailman 2's files cannot be read; posts go on waiting then
 */
export async function settleSides(
  context: CutoverContext,
  moving: MovingList,
  keys: readonly string[],
  handedBack: readonly string[] = [],
): Promise<number> {
  const { clock, database } = context.services;
  const { listId } = moving.list;
  const before = new Set(await handedOverOf(database.connection, listId));
  // Who has just joined at Mailman 2 has to be a member here before being handed over.
  await catchUp(context, moving);
  const stopped = stoppedMembers(context, moving.cutover.mailman2Name);
  const arrived = keys.filter((key) => stopped.has(key) && !before.has(key));
  const bases = await basesOf(database.connection, listId, keys);
  const certain = new Set(handedBack);
  const returned = keys.filter(
    (key) => before.has(key) && (certain.has(key) || !stopped.has(bases.get(key)?.email ?? key)),
  );
  await database.transaction(async (connection) => {
    await lockList(connection, listId);
    await takeMembers(connection, listId, arrived, clock.now());
    await deleteHandedOver(connection, listId, returned);
  });
  await endHandingOver(database.connection, listId);
  await publishStages(context.services);
  return arrived.length + returned.length;
}

/** Ends what a killed command has left in the middle. @returns what was done, one line each */
export async function settleInterrupted(context: CutoverContext, moving: MovingList): Promise<string[]> {
  const { isHandingOver, changing } = moving.cutover;
  if (!isHandingOver) return [];
  const count = await settleSides(context, moving, changing?.keys ?? []);
  return [`a change of sides that was interrupted is settled: ${count} members have changed sides`];
}

/** What a dry run says of that: a line, or none. */
export function rehearseSettling({ cutover }: MovingList): string[] {
  if (!cutover.isHandingOver) return [];
  return ['a change of sides that was interrupted, or is under way, is settled first'];
}

/** Members to whom Mailman 2 does not deliver because its administrator says so. */
function stoppedMembers({ site }: CutoverContext, name: string): Set<string> {
  const status = openLiveList(site, name).config.get('delivery_status');
  if (!(status instanceof PyDict)) return new Set();
  const stopped = [...status].filter(
    ([, value]) => value instanceof PyTuple && numberOf(value.items[0]) === BY_ADMIN,
  );
  return new Set(stopped.map(([key]) => keyText(key)));
}

function keyText(key: unknown): string {
  return typeof key === 'string' ? key : ((key as { latin1?: string }).latin1 ?? '');
}
