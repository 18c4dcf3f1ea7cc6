import { exportList } from '../../../migrate/export21/index.ts';
import { takeListLock } from '../../../migrate/mailman2/list-lock.ts';
import { writeMailman2List } from '../../../migrate/mailman2/write-list.ts';
import { moveStage } from '../../../src/database/cutover.ts';
import { deleteHandedOver, handedOverOf } from '../../../src/database/handed-over.ts';
import { deleteHeldMessage, heldMessagesOf } from '../../../src/database/held-messages.ts';
import { lockList } from '../../../src/database/lists.ts';
import { migratedItems } from '../../../src/database/migrated-items.ts';
import { catchUp } from '../catch-up.ts';
import {
  audited,
  type CutoverContext,
  type MovingList,
  openMoving,
  requireStage,
  type StepReport,
} from '../context.ts';
import { publishStages } from '../maps.ts';
import { changeSides } from './hand-over.ts';

/**
 * Back to legacy from any stage but retired: Mailman 2 delivers to all again. What has changed here since it was led from
 * here goes into Mailman 2's own files, under its lock.
 * @throws StepRefusedError, ListLockError, NotQuietError, PostmapError
 */
export async function rollback(context: CutoverContext, listSpec: string): Promise<StepReport> {
  const moving = await openMoving(context, listSpec);
  return audited(context, moving, { action: 'rollback', to: 'legacy' }, async () => {
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
  const returned = keys.length > 0 ? (await changeSides(context, listId, keys, 'hand-back')).did : [];
  return [...returned, ...(await leave(context, moving))];
}

async function leave(context: CutoverContext, { list, cutover }: MovingList): Promise<string[]> {
  const { services, isDryRun } = context;
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
  if (isDryRun) return [`${(await exported(context, moving)).members} members go back to Mailman 2`];
  const lock = await takeListLock(site.path, cutover.mailman2Name);
  const locked = performance.now();
  let members = 0;
  try {
    await database.transaction(async (connection) => {
      // Nobody joins or leaves between the export and the change of the stage.
      const current = await lockList(connection, list.listId);
      if (!current) return;
      const files = await exportList(connection, current, clock.now());
      members = files.members;
      writeMailman2List(site.path, cutover.mailman2Name, files.files, lock);
      await forgetWhatWentBack(connection, list.listId);
      await moveStage(connection, list.listId, { from: 'lead', to: 'legacy', now: clock.now() });
    });
    await publishStages(services);
  } finally {
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

/** Posts that were held here are Mailman 2's now, and come again with its files. Nobody is handed over any more. */
async function forgetWhatWentBack(
  connection: Parameters<typeof heldMessagesOf>[0],
  listId: string,
): Promise<void> {
  const items = await migratedItems(connection, listId, 'held_message');
  const followed = new Set([...items.values()].map(({ target }) => target));
  for (const { requestId } of await heldMessagesOf(connection, listId)) {
    if (!followed.has(String(requestId))) await deleteHeldMessage(connection, requestId);
  }
  await deleteHandedOver(connection, listId, await handedOverOf(connection, listId));
}
