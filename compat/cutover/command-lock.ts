import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { findCutover, passCommand } from '../../src/database/cutover.ts';
import type { Connection } from '../../src/database/handle.ts';
import { epochFromUtc, parseUtc, type UtcTime } from '../../src/model/time.ts';
import { isAlive, processStart } from '../../src/server/process-identity.ts';
import { StepRefusedError } from './context.ts';

/** A process of another host is believed to live for so long, in seconds: no step takes longer. */
const BELIEVED = 900;

/**
 * Makes this process the one that takes a step with a list. What a dead process held is taken over.
 * @returns what ends that
 * @throws StepRefusedError where another one is at it
 */
export async function takeCommand(
  connection: Connection,
  listId: string,
  now: UtcTime,
): Promise<() => Promise<void>> {
  const current = (await findCutover(connection, listId))?.command ?? null;
  const mine = [hostname(), process.pid, processStart(process.pid) ?? '', now, randomUUID()].join('|');
  const isFree = current === null || isGone(current, now);
  if (!isFree || !(await passCommand(connection, listId, { from: current, to: mine }))) {
    const [host, pid] = (current ?? '').split('|');
    const who = pid ? ` (process ${pid} on ${host})` : '';
    throw new StepRefusedError(
      `${listId}: another command is at work with this list${who}; try again when it is done`,
    );
  }
  return async () => {
    await passCommand(connection, listId, { from: mine, to: null });
  };
}

/** Whether the process that took a step with a list has ended without saying so. @param command as the database has it */
export function isGone(command: string, now: UtcTime): boolean {
  const [host = '', number = '', start = '', time = ''] = command.split('|');
  if (host !== hostname()) {
    const since = parseUtc(time);
    return !since || epochFromUtc(now) - epochFromUtc(since) > BELIEVED;
  }
  const pid = Number(number);
  if (!Number.isSafeInteger(pid) || pid < 1 || !isAlive(pid)) return true;
  return start !== '' && processStart(pid) !== undefined && processStart(pid) !== start;
}
