import { allCutovers, type Cutover, findCutover } from '../../src/database/cutover.ts';
import { handedOverOf } from '../../src/database/handed-over.ts';
import type { Connection } from '../../src/database/handle.ts';
import { findList } from '../../src/database/lists.ts';
import { findMembers } from '../../src/database/members.ts';
import { FerrymanError } from '../../src/errors.ts';
import type { Services } from '../../src/flow/step.ts';
import { mendMaps } from '../../src/mta/maps/index.ts';
import { catchUp } from './catch-up.ts';
import { isGone, takeCommand } from './command-lock.ts';
import { type CutoverContext, openMoving } from './context.ts';
import { removeMailman2Members } from './mailman2-commands.ts';
import { contextOf } from './services-context.ts';
import { settleInterrupted } from './settle-sides.ts';

/** Who does it, for people. */
const WHO = 'server';

/**
 * Ends what a killed command has left in the middle (members who were changing sides, maps that say another stage), and tells
 * Mailman 2 of handed-over members who have left here.
 */
export async function keepMoving(services: Services): Promise<void> {
  const { config, database, clock, log } = services;
  if (config.cutover.mailman2_var_dir === '') return;
  const cutovers = await allCutovers(database.connection);
  if (cutovers.size === 0) return;
  if (await mendMaps(config, database.connection, clock.now())) log('task', 'Maps were mended');
  const context = contextOf(services, { who: WHO, isDryRun: false });
  for (const cutover of cutovers.values()) {
    try {
      if (cutover.command !== null ? isGone(cutover.command, clock.now()) : cutover.isHandingOver)
        await endInterrupted(context, cutover);
      else if (cutover.command === null && cutover.stage === 'alongside') await tellWhoLeft(context, cutover);
    } catch (error) {
      if (!(error instanceof FerrymanError)) throw error;
      log('error', `Cutover of ${cutover.listId}: ${error.message}`);
    }
  }
}

async function endInterrupted(context: CutoverContext, { listId }: Cutover): Promise<void> {
  await alone(context, listId, async () => {
    const settled = await settleInterrupted(context, await openMoving(context, listId));
    for (const line of settled) context.services.log('task', `Cutover of ${listId}: ${line}`);
  });
}

async function tellWhoLeft(context: CutoverContext, { listId, mailman2Name }: Cutover): Promise<void> {
  const { database, config, log } = context.services;
  if ((await leftHere(database.connection, listId)).length === 0) return;
  await alone(context, listId, async () => {
    const gone = await leftHere(database.connection, listId);
    if (gone.length === 0) return;
    await removeMailman2Members(config, mailman2Name, gone);
    log('task', `Cutover of ${listId}: ${gone.length} members who have left here were removed at Mailman 2`);
    await catchUp(context, await openMoving(context, listId));
  });
}

/** Members who were handed over and are none here any more. */
async function leftHere(connection: Connection, listId: string): Promise<string[]> {
  const keys = await handedOverOf(connection, listId);
  if (keys.length === 0) return [];
  const members = await findMembers(connection, listId, 'member', keys);
  return keys.filter((key) => !members.has(key));
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
