import { numberOf, PyDict, PyTuple } from '../../../migrate/pickle/values.ts';
import { openSourceList } from '../../../migrate/site/source-list.ts';
import { setHandingOver } from '../../../src/database/cutover.ts';
import { deleteHandedOver, handedOverOf, insertHandedOver } from '../../../src/database/handed-over.ts';
import { catchUp } from '../catch-up.ts';
import { postfixUsesMaps } from '../checks/postfix-uses-maps.ts';
import {
  audited,
  type CutoverContext,
  type MovingList,
  openMoving,
  requireAll,
  requireStage,
  type StepReport,
} from '../context.ts';
import { setMailman2Delivery } from '../mailman2-commands.ts';
import { publishStages } from '../maps.ts';
import { waitForQuiet } from '../quiet.ts';

/** How long new posts may wait here for those before them, in milliseconds. */
const QUIET_LIMIT = 30_000;

/** Mailman 2.1's number for delivery that the administrator has switched off. */
const BY_ADMIN = 3;

/**
 * Members of a list in the stage alongside change sides: Mailman 2 stops delivering to them and this server begins, or the
 * reverse. New posts wait here until all earlier ones are through on both sides, so that nobody gets one twice or not at all.
 * @param keys of addresses; who is no member, has digests or no delivery is left out
 * @throws StepRefusedError, NotQuietError, Mailman2CommandError, PostmapError
 */
export async function changeSides(
  context: CutoverContext,
  listSpec: string,
  keys: readonly string[],
  way: 'hand-over' | 'hand-back',
): Promise<StepReport> {
  const moving = await openMoving(context, listSpec);
  return audited(context, moving, { action: way, to: 'alongside' }, async () => {
    requireStage(moving, way, 'alongside');
    await requireAll(context, moving, [postfixUsesMaps]);
    const chosen = await eligible(context, moving, keys, way);
    if (context.isDryRun || chosen.length === 0) return [describe(chosen.length, way)];
    await change(context, moving, chosen, way);
    const changed = await settleSides(context, moving, chosen);
    return [describe(changed, way)];
  });
}

async function change(
  context: CutoverContext,
  { list, cutover }: MovingList,
  keys: readonly string[],
  way: 'hand-over' | 'hand-back',
): Promise<void> {
  const { config, database } = context.services;
  await setHandingOver(database.connection, list.listId, true);
  try {
    await publishStages(context.services);
    const { listId, listName } = list;
    const surroundings = { config, connection: database.connection, site: context.site };
    await waitForQuiet(surroundings, { listId, listName, mailman2Name: cutover.mailman2Name }, QUIET_LIMIT);
    await setMailman2Delivery(config, cutover.mailman2Name, keys, way === 'hand-over' ? 'stop' : 'resume');
  } catch (error) {
    await endChange(context, list.listId);
    throw error;
  }
}

/**
 * Makes what is noted here agree with what Mailman 2 does for these members, and lets posts go on: also after a kill in the
 * middle, for Mailman 2's own file tells how far it came.
 * @returns how many are on the other side now
 */
export async function settleSides(
  context: CutoverContext,
  moving: MovingList,
  keys: readonly string[],
): Promise<number> {
  const { clock, database } = context.services;
  const { list, cutover } = moving;
  const stopped = stoppedMembers(context, cutover.mailman2Name);
  const before = new Set(await handedOverOf(database.connection, list.listId));
  const arrived = keys.filter((key) => stopped.has(key) && !before.has(key));
  const returned = keys.filter((key) => !stopped.has(key) && before.has(key));
  await database.transaction(async (connection) => {
    await insertHandedOver(connection, list.listId, arrived, clock.now());
    await deleteHandedOver(connection, list.listId, returned);
  });
  await catchUp(context, moving);
  await endChange(context, list.listId);
  return arrived.length + returned.length;
}

async function endChange({ services }: CutoverContext, listId: string): Promise<void> {
  await setHandingOver(services.database.connection, listId, false);
  await publishStages(services);
}

/** Members to whom Mailman 2 does not deliver because its administrator says so. */
function stoppedMembers({ site }: CutoverContext, name: string): Set<string> {
  const status = openSourceList(site, name).config.get('delivery_status');
  if (!(status instanceof PyDict)) return new Set();
  const stopped = [...status].filter(
    ([, value]) => value instanceof PyTuple && numberOf(value.items[0]) === BY_ADMIN,
  );
  return new Set(stopped.map(([key]) => keyText(key)));
}

async function eligible(
  { services, site }: CutoverContext,
  { list, cutover }: MovingList,
  keys: readonly string[],
  way: 'hand-over' | 'hand-back',
): Promise<string[]> {
  const handedOver = new Set(await handedOverOf(services.database.connection, list.listId));
  if (way === 'hand-back') return keys.filter((key) => handedOver.has(key));
  const { config } = openSourceList(site, cutover.mailman2Name);
  const members = config.get('members');
  const status = config.get('delivery_status');
  return keys.filter((key) => {
    if (!(members instanceof PyDict) || !members.has(key) || handedOver.has(key)) return false;
    const disabled = status instanceof PyDict ? status.get(key) : undefined;
    return !(disabled instanceof PyTuple) || numberOf(disabled.items[0]) === 0;
  });
}

function keyText(key: unknown): string {
  return typeof key === 'string' ? key : ((key as { latin1?: string }).latin1 ?? '');
}

function describe(count: number, way: 'hand-over' | 'hand-back'): string {
  const members = `${count} ${count === 1 ? 'member' : 'members'}`;
  return way === 'hand-over' ? `${members} handed over by Mailman 2` : `${members} handed back to Mailman 2`;
}
