import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { freeLockOfDead } from '../../migrate/mailman2/list-lock.ts';
import { findCutover, passCommand } from '../../src/database/cutover.ts';
import { epochFromUtc, parseUtc, type UtcTime } from '../../src/model/time.ts';
import { isAlive, processStart } from '../../src/server/process-identity.ts';
import { type CutoverContext, StepRefusedError } from './context.ts';

/** A process of another host is believed to live for so long, in seconds: no step takes longer. */
const BELIEVED = 900;

/**
 * Makes this process the one that takes a step with a list. What a dead process held is taken over.
 * @returns what ends that
 * @throws StepRefusedError where another one is at it
 */
export async function takeCommand(
  { services: { database, clock }, site }: CutoverContext,
  listId: string,
): Promise<() => Promise<void>> {
  const { connection } = database;
  const now = clock.now();
  const cutover = await findCutover(connection, listId);
  const current = cutover?.command ?? null;
  const mine = [hostname(), process.pid, processStart(process.pid) ?? '', now, randomUUID()].join('|');
  const isFree = current === null || isGone(current, now);
  if (!isFree || !(await passCommand(connection, listId, { from: current, to: mine }))) {
    const [host, pid] = (current ?? '').split('|');
    const who = pid ? ` (process ${pid} on ${host})` : '';
    throw new StepRefusedError(
      `${listId}: another command is at work with this list${who}; try again when it is done`,
    );
  }
  // Mailman 2 would wait for it until it expires. A number that lives is somebody else's by now, and so may the lock be.
  if (cutover && current?.startsWith(`${hostname()}|`) && !isAlive(pidOf(current)))
    freeLockOfDead(site.path, cutover.mailman2Name, pidOf(current));
  return async () => {
    await passCommand(connection, listId, { from: mine, to: null });
  };
}

/** Whether the process that took a step with a list has ended without saying so. @param command as the database has it */
export function isGone(command: string, now: UtcTime): boolean {
  const [host = '', , start = '', time = ''] = command.split('|');
  if (host !== hostname()) {
    const since = parseUtc(time);
    return !since || epochFromUtc(now) - epochFromUtc(since) > BELIEVED;
  }
  const pid = pidOf(command);
  if (!Number.isSafeInteger(pid) || pid < 1 || !isAlive(pid)) return true;
  return start !== '' && processStart(pid) !== undefined && processStart(pid) !== start;
}

function pidOf(command: string): number {
  return Number(command.split('|')[1]);
}
