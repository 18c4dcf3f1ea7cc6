import { allCutovers, type Cutover, findCutover } from '../../src/database/cutover.ts';
import type { Database } from '../../src/database/handle.ts';
import { findList } from '../../src/database/lists.ts';
import { FerrymanError } from '../../src/errors.ts';
import { mendMaps } from '../../src/mta/maps/index.ts';
import { whyNotWritten } from '../../src/mta/maps/why-not-written.ts';
import type { Services } from '../../src/queue/step.ts';
import { isGone, takeCommand } from './command-lock.ts';
import { type CutoverContext, openMoving } from './context.ts';
import { contextOf } from './services-context.ts';
import { settleInterrupted } from './settle-sides.ts';
import { tellMailman2, untold } from './tell-mailman2.ts';

/** Who does it, for people. */
const WHO = 'server';

/** A look at members of a list that takes so long, in milliseconds, is followed by no pause. */
const SHORT_MS = 50;

/** How much longer than a look the pause after it is, and how long at most, in milliseconds. */
const SHARE = 50;
const LONGEST_PAUSE_MS = 30_000;

/** When a list may be looked at again, in milliseconds of the process. */
const pauses = new WeakMap<Database, Map<string, number>>();

/**
 * Ends what a killed command has left in the middle (members who were changing sides, maps that say another stage), and tells
 * Mailman 2 what handed-over members have changed here.
 */
export async function keepMoving(services: Services): Promise<void> {
  const { config, database, clock, log } = services;
  if (config.cutover.mailman2_var_dir === '') return;
  const cutovers = await allCutovers(database.connection);
  if (cutovers.size === 0) return;
  try {
    if (await mendMaps(config, database.connection, clock.now())) log('task', 'Maps were mended');
  } catch (error) {
    // Posts that wait for members to change sides do not wait for this.
    log('error', `The maps of Postfix cannot be written: ${whyNotWritten(error)}`);
  }
  const moving = [...cutovers.values()].filter(
    ({ command, isHandingOver, stage }) => command !== null || isHandingOver || stage === 'alongside',
  );
  const context = moving.length > 0 ? openContext(services) : undefined;
  if (!context) return;
  for (const cutover of moving) {
    try {
      if (cutover.command !== null ? isGone(cutover.command, clock.now()) : cutover.isHandingOver)
        await endInterrupted(context, cutover);
      else if (cutover.command === null && cutover.stage === 'alongside') await tell(context, cutover);
    } catch (error) {
      if (!(error instanceof FerrymanError)) throw error;
      log('error', `Cutover of ${cutover.listId}: ${error.message}`);
    }
  }
}

/** Undefined where Mailman 2's folder is gone, which whoever follows it has told already. */
function openContext(services: Services): CutoverContext | undefined {
  try {
    return contextOf(services, { who: WHO, isDryRun: false });
  } catch (error) {
    if (!(error instanceof FerrymanError)) throw error;
    return undefined;
  }
}

async function endInterrupted(context: CutoverContext, { listId }: Cutover): Promise<void> {
  await alone(context, listId, async () => {
    const settled = await settleInterrupted(context, await openMoving(context, listId));
    for (const line of settled) context.services.log('task', `Cutover of ${listId}: ${line}`);
  });
}

async function tell(context: CutoverContext, { listId }: Cutover): Promise<void> {
  const { database, log } = context.services;
  const list = await findList(database.connection, listId);
  if (!list || (pauses.get(database)?.get(listId) ?? 0) > performance.now()) return;
  const started = performance.now();
  const { gone, changed, digests } = await untold(database.connection, list);
  rest(database, listId, performance.now() - started);
  if (gone.length + changed.length + digests.length === 0) return;
  await alone(context, listId, async () => {
    const did = await tellMailman2(context, await openMoving(context, listId));
    for (const line of did) log('task', `Cutover of ${listId}: ${line}`);
  });
}

/** Lets the mail have the time after a look at a large list. @param took in milliseconds */
function rest(database: Database, listId: string, took: number): void {
  const ofDatabase = pauses.get(database) ?? new Map<string, number>();
  pauses.set(database, ofDatabase);
  const pause = took < SHORT_MS ? 0 : Math.min(LONGEST_PAUSE_MS, SHARE * took);
  ofDatabase.set(listId, performance.now() + pause);
}

/** Does something with a list that is still moving, unless a command is at work with it. */
async function alone(context: CutoverContext, listId: string, work: () => Promise<void>): Promise<void> {
  const { connection } = context.services.database;
  if (!(await findList(connection, listId)) || !(await findCutover(connection, listId))) return;
  const release = await takeCommand(context, listId);
  try {
    await work();
  } finally {
    await release();
  }
}
