import { deliveryOption } from '../../../migrate/mailman2/member-options.ts';
import { numberOf, PyDict, PyTuple } from '../../../migrate/pickle/values.ts';
import { openLiveList } from '../../../migrate/site/source-list.ts';
import { beginHandingOver, freezeHandingOver, type SideChange } from '../../../src/database/cutover.ts';
import { basesOf, handedOverAmong, handedOverOf } from '../../../src/database/handed-over.ts';
import { findMembers } from '../../../src/database/members.ts';
import { deletePending, type Pending } from '../../../src/database/pending.ts';
import { awaitHeldPosts } from '../await-held.ts';
import { catchUp, rehearseCatchUp } from '../catch-up.ts';
import { lmtpAnswers } from '../checks/lmtp-answers.ts';
import { postfixUsesMaps } from '../checks/postfix-uses-maps.ts';
import {
  type CutoverContext,
  type MovingList,
  requireAll,
  requireStage,
  type StepReport,
} from '../context.ts';
import { giveTokensBack, ownPending } from '../give-tokens-back.ts';
import { changeMailman2Members, type MemberChange, requireMailman2Commands } from '../mailman2-commands.ts';
import { publishStages } from '../maps.ts';
import { waitForQuiet, whereBusy } from '../quiet.ts';
import { settleAccepted } from '../settle-accepted.ts';
import { settleSides } from '../settle-sides.ts';
import { tellMailman2 } from '../tell-mailman2.ts';
import { takeStepOn } from './step.ts';

/** How long new posts may wait here for those before them, in milliseconds. */
const QUIET_LIMIT = 30_000;

/**
 * Members of a list in the stage alongside change sides: Mailman 2 stops delivering to them and this server begins, or the
 * reverse. New posts wait here until all earlier ones are through on both sides, so that nobody gets one twice or not at all.
 * @param keys of addresses; who is no member, has digests or no delivery is left out
 * @throws StepRefusedError, NotQuietError, Mailman2CommandError, StagesNotPublishedError
 */
export async function changeSides(
  context: CutoverContext,
  listSpec: string,
  keys: readonly string[],
  way: SideChange['way'],
): Promise<StepReport> {
  return takeStepOn(context, listSpec, { action: way, to: 'alongside' }, (moving) =>
    exchange(context, moving, keys, way),
  );
}

/** What would be said of a change of sides in the stage alongside, for a list that is not there yet. */
export async function rehearseChange(
  context: CutoverContext,
  moving: MovingList,
  keys: readonly string[],
  way: SideChange['way'],
): Promise<string> {
  const { length } = await eligible(context, moving, keys, way);
  if (length > 0) requireMailman2Commands(context.services.config);
  return describe(length, way);
}

/** The same as part of another step. @returns what was done, one line each */
export async function exchange(
  context: CutoverContext,
  moving: MovingList,
  keys: readonly string[],
  way: SideChange['way'],
): Promise<string[]> {
  requireStage(moving, way, 'alongside');
  // What waits in Postfix is not lost when members go back.
  await requireAll(context, moving, way === 'hand-over' ? [postfixUsesMaps, lmtpAnswers] : [postfixUsesMaps]);
  const chosen = await eligible(context, moving, keys, way);
  if (context.isDryRun) {
    if (chosen.length > 0) requireMailman2Commands(context.services.config);
    if (way === 'hand-back') await giveTokensBack(context, moving, chosen);
    return [...rehearseCatchUp(context, moving), describe(chosen.length, way)];
  }
  if (chosen.length === 0) return [describe(0, way)];
  const { connection } = context.services.database;
  const { listId } = moving.list;
  await catchUp(context, moving);
  await context.services.database.transaction((inside) => awaitHeldPosts(inside, listId));
  await beginHandingOver(connection, listId, { way, keys: chosen });
  const did: string[] = [];
  let handedBack: readonly string[] = [];
  try {
    await publishStages(context.services);
    if (way === 'hand-over') await changeAtMailman2(context, moving, { way: 'stop', members: stops(chosen) });
    else {
      // They change nothing more here until they are on the other side.
      did.push(...(await tellMailman2(context, moving, true)));
      await giveTokensBack(context, moving, chosen);
      const members = await resumptions(context, moving, chosen);
      await changeAtMailman2(context, moving, { way: 'resume', members });
      handedBack = chosen;
      await forgetRequests(context, moving, chosen);
    }
  } catch (error) {
    // It may have been done nevertheless; its file tells.
    await settleSides(context, moving, chosen);
    throw error;
  }
  return [...did, describe(await settleSides(context, moving, chosen, handedBack), way)];
}

/**
 * Mailman 2 changes whom it delivers to when all is quiet, which is looked at while it has the list locked and nothing is
 * worked on here: otherwise a post that was still coming in could be delivered by one side before the change and by the
 * other after it. That goes for posts of its moderators too: what they have approved until then is in its logs, and has gone
 * on its way here to the members as they were; what they approve afterwards goes to the members as they are.
 */
async function changeAtMailman2(
  context: CutoverContext,
  { list, cutover: { mailman2Name } }: MovingList,
  change: Pick<MemberChange, 'way' | 'members'>,
): Promise<void> {
  const { services, site } = context;
  const { config, database } = services;
  const { connection } = database;
  const around = { config, connection, site };
  const end = performance.now() + QUIET_LIMIT;
  for (;;) {
    // Most of it, so that little is left to do under the lock.
    await settleAccepted(context);
    await waitForQuiet(around, { ...list, mailman2Name }, end - performance.now());
    const isChanged = await changeMailman2Members(config, { list: mailman2Name, ...change }, async () => {
      await freezeHandingOver(connection, list.listId, true);
      await settleAccepted(context);
      const isQuiet = (await whereBusy(around, { ...list, mailman2Name })) === undefined;
      if (!isQuiet) await freezeHandingOver(connection, list.listId, false);
      return isQuiet;
    });
    if (isChanged) return;
  }
}

function stops(keys: readonly string[]): MemberChange['members'] {
  return new Map(keys.map((key) => [key, {}]));
}

/** How those of the chosen ones who are still handed over are to get mail from Mailman 2. */
async function resumptions(
  context: CutoverContext,
  moving: MovingList,
  keys: readonly string[],
): Promise<MemberChange['members']> {
  const { connection } = context.services.database;
  const { list } = moving;
  const ours = [...(await handedOverAmong(connection, list.listId, keys))];
  const members = await findMembers(connection, list.listId, 'member', ours);
  const bases = await basesOf(connection, list.listId, ours);
  const leaving = new Set((await heldRequests(context, moving, ours)).map(({ email }) => email));
  return new Map(
    [...members].map(([key, { preferences }]) => [
      bases.get(key)?.email ?? key,
      { delivery: deliveryOption(preferences), ...(leaving.has(key) ? { leave: 'held' } : {}) },
    ]),
  );
}

/** Members who want to leave, about whom moderators have to decide. */
async function heldRequests(
  context: CutoverContext,
  moving: MovingList,
  keys: readonly string[],
): Promise<Pending[]> {
  const own = await ownPending(context, moving, keys);
  return own.filter(({ kind, data }) => kind === 'unsubscription' && data.token_owner === 'moderator');
}

/** They wait at Mailman 2 now, and come again with its files. */
async function forgetRequests(
  context: CutoverContext,
  moving: MovingList,
  keys: readonly string[],
): Promise<void> {
  const { connection } = context.services.database;
  for (const { token } of await heldRequests(context, moving, keys)) await deletePending(connection, token);
}

async function eligible(
  { services, site }: CutoverContext,
  { list, cutover }: MovingList,
  keys: readonly string[],
  way: SideChange['way'],
): Promise<string[]> {
  const handedOver = new Set(await handedOverOf(services.database.connection, list.listId));
  if (way === 'hand-back') return keys.filter((key) => handedOver.has(key));
  const { config } = openLiveList(site, cutover.mailman2Name);
  const members = config.get('members');
  const status = config.get('delivery_status');
  return keys.filter((key) => {
    if (!(members instanceof PyDict) || !members.has(key) || handedOver.has(key)) return false;
    const disabled = status instanceof PyDict ? status.get(key) : undefined;
    return !(disabled instanceof PyTuple) || numberOf(disabled.items[0]) === 0;
  });
}

function describe(count: number, way: SideChange['way']): string {
  const members = `${count} ${count === 1 ? 'member' : 'members'}`;
  return way === 'hand-over' ? `${members} handed over by Mailman 2` : `${members} handed back to Mailman 2`;
}
