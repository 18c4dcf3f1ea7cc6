import { exportList } from '../../../migrate/export21/index.ts';
import { replacedConfig } from '../../../migrate/export21/replaced-config.ts';
import { addToDigest } from '../../../migrate/mailman2/digest-file.ts';
import { takeListLock } from '../../../migrate/mailman2/list-lock.ts';
import { writeMailman2List } from '../../../migrate/mailman2/write-list.ts';
import { listFolder } from '../../../migrate/site/site.ts';
import { endHandingOver, freezeHandingOver, moveStage } from '../../../src/database/cutover.ts';
import { collectedPosts, deleteCollectedPosts, waitingPosts } from '../../../src/database/digest-messages.ts';
import { deleteHandedOver, handedOverOf } from '../../../src/database/handed-over.ts';
import type { Connection } from '../../../src/database/handle.ts';
import { deleteHeldMessage, heldRequestIds } from '../../../src/database/held-messages.ts';
import { lockList } from '../../../src/database/lists.ts';
import { deleteMigratedItems, migratedItems } from '../../../src/database/migrated-items.ts';
import { deletePending } from '../../../src/database/pending.ts';
import { catchUp } from '../catch-up.ts';
import { mailman2CanBeWritten } from '../checks/mailman2-can-be-written.ts';
import {
  type CutoverContext,
  type MovingList,
  requireAll,
  requireStage,
  type StepReport,
} from '../context.ts';
import { giveTokensBack, ownPending } from '../give-tokens-back.ts';
import { publishStages } from '../maps.ts';
import { NotQuietError, waitForQuiet, whereBusy } from '../quiet.ts';
import { rehearseLock } from '../rehearse-lock.ts';
import { exchange } from './hand-over.ts';
import { takeStepOn } from './step.ts';

/** How long posts may take that both sides have got, in milliseconds. */
const QUIET_LIMIT = 30_000;

/**
 * Back to legacy from any stage but retired: Mailman 2 delivers to all again. What has changed here since it was led from
 * here goes into Mailman 2's own files, under its lock.
 * @throws StepRefusedError, ListLockError, NotQuietError, StagesNotPublishedError
 */
export async function rollback(context: CutoverContext, listSpec: string): Promise<StepReport> {
  return takeStepOn(context, listSpec, { action: 'rollback', to: 'legacy' }, async (moving) => {
    requireStage(moving, 'rollback', 'observe', 'alongside', 'lead');
    switch (moving.cutover.stage) {
      case 'alongside':
        return fromAlongside(context, moving);
      case 'lead':
        return fromLead(context, moving);
      default:
        return leave(context, moving);
    }
  });
}

async function fromAlongside(context: CutoverContext, moving: MovingList): Promise<string[]> {
  const { listId } = moving.list;
  const keys = await handedOverOf(context.services.database.connection, listId);
  const returned = keys.length > 0 ? await exchange(context, moving, keys, 'hand-back') : [];
  return [...returned, ...(await leave(context, moving))];
}

async function leave(context: CutoverContext, moving: MovingList): Promise<string[]> {
  const { services, isDryRun } = context;
  const { list, cutover } = moving;
  await giveTokensBack(context, moving);
  if (isDryRun) return ['Mailman 2 delivers to all, and no copies come here'];
  const now = services.clock.now();
  await moveStage(services.database.connection, list.listId, { from: cutover.stage, to: 'legacy', now });
  await publishStages(services);
  return ['Mailman 2 delivers to all, and no copies come here'];
}

async function fromLead(context: CutoverContext, moving: MovingList): Promise<string[]> {
  const { services, site, isDryRun } = context;
  const { list, cutover } = moving;
  const { database, clock } = services;
  await requireAll(context, moving, [mailman2CanBeWritten]);
  if (isDryRun) {
    await rehearseLock(context, moving);
    return [`${(await exported(context, moving)).members} members go back to Mailman 2`];
  }
  const { connection: outside } = database;
  const around = { config: services.config, connection: outside, site };
  const names = { ...list, mailman2Name: cutover.mailman2Name };
  // What both got before the lead is to be through while it is still known who delivers to whom.
  await waitForQuiet(around, names, QUIET_LIMIT);
  const lock = await takeListLock(site.path, cutover.mailman2Name);
  const locked = performance.now();
  let members = 0;
  try {
    await freezeHandingOver(outside, list.listId, true);
    const busy = await whereBusy(around, names);
    if (busy) throw new NotQuietError(`${list.listId}: a post was still ${busy}; nothing was changed`);
    await database.transaction(async (connection) => {
      // Nobody joins or leaves between the export and the change of the stage.
      const current = await lockList(connection, list.listId);
      if (!current) return;
      const files = await exportList(
        connection,
        current,
        clock.now(),
        replacedConfig(listFolder(site, cutover.mailman2Name)),
      );
      members = files.members;
      await giveDigestBack(connection, site.path, cutover);
      writeMailman2List(site.path, cutover.mailman2Name, files.files, lock);
      await forgetWhatWentBack(context, moving, connection);
      await moveStage(connection, list.listId, { from: 'lead', to: 'legacy', now: clock.now() });
    });
    await publishStages(services);
  } finally {
    await endHandingOver(outside, list.listId);
    lock.release();
  }
  const seconds = ((performance.now() - locked) / 1000).toFixed(2);
  await catchUp(context, moving);
  return [`${members} members went back to Mailman 2, whose list was locked for ${seconds} s`];
}

function exported({ services }: CutoverContext, { list }: MovingList) {
  const { database, clock } = services;
  return database.transaction((connection) => exportList(connection, list, clock.now()));
}

/** Posts and requests that were held here are Mailman 2's now, and come again with its files. Nobody is handed over any more. */
async function forgetWhatWentBack(
  context: CutoverContext,
  moving: MovingList,
  connection: Connection,
): Promise<void> {
  const { listId } = moving.list;
  const items = await migratedItems(connection, listId, 'held_message');
  const followed = new Set([...items.values()].map(({ target }) => target));
  for (const requestId of await heldRequestIds(connection, listId)) {
    if (!followed.has(String(requestId))) await deleteHeldMessage(connection, requestId);
  }
  for (const { token, data } of await ownPending(context, moving, undefined, connection))
    if (data.token_owner === 'moderator') await deletePending(connection, token);
  await deleteHandedOver(connection, listId, await handedOverOf(connection, listId));
}

/** The posts that wait for the next digest go into Mailman 2's, and come again with its files. */
async function giveDigestBack(
  connection: Connection,
  varDir: string,
  { listId, mailman2Name }: MovingList['cutover'],
): Promise<void> {
  addToDigest(varDir, mailman2Name, await waitingPosts(connection, listId));
  await deleteCollectedPosts(connection, await collectedPosts(connection, listId));
  const came = await migratedItems(connection, listId, 'digest');
  await deleteMigratedItems(connection, listId, 'digest', [...came.keys()]);
}
