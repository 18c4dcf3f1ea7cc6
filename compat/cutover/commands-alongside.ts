import { findCutover } from '../../src/database/cutover.ts';
import { handedOverAmong } from '../../src/database/handed-over.ts';
import { migratedItems } from '../../src/database/migrated-items.ts';
import { findPending } from '../../src/database/pending.ts';
import { sendersOf } from '../../src/flow/senders.ts';
import { Message } from '../../src/message/message.ts';
import { isMailman2InCharge } from '../../src/model/cutover.ts';
import { addressKey } from '../../src/model/email-address.ts';
import type { Processor } from '../../src/queue/engine.ts';
import type { QueueEntry } from '../../src/queue/entry.ts';
import { PutOffError } from '../../src/queue/errors.ts';
import type { Step } from '../../src/queue/step.ts';
import { relayToMailman2 } from './relay.ts';

/** How long a command waits until it is looked at again, in seconds. */
const PAUSE = 0.5;

/** Commands by mail of members that were handed over are answered here, all others by Mailman 2. */
export function commandsAlongside(own: Processor): Processor {
  return async (entry, step) => {
    const cutover = await findCutover(step.connection, entry.metadata.listid ?? '');
    // Who is on the way to the other side is answered there, or here, and loses nothing in between.
    if (cutover?.isHandingOver) throw new PutOffError('members are changing sides', PAUSE);
    const isOwn =
      !cutover ||
      !isMailman2InCharge(cutover.stage) ||
      (cutover.stage === 'alongside' && (await isOurs(entry, step)));
    if (isOwn) await own(entry, step);
    else await relayToMailman2(entry, step, cutover);
  };
}

/**
 * A command that Postfix took while the list was led from here: Mailman 2 gets it where it has the list back. What this server
 * has put into the queue for itself is nobody else's.
 */
export function commandsWithoutStage(own: Processor): Processor {
  const alongside = commandsAlongside(own);
  return (entry, step) => {
    // Most servers have no Mailman 2 beside them.
    const isOwn = step.config.cutover.mailman2_var_dir === '' || entry.metadata.subaddress === undefined;
    return (isOwn ? own : alongside)(entry, step);
  };
}

/** Bounces count on both sides, each of which knows whom it has delivered to. */
export function bouncesAlongside(own: Processor): Processor {
  return async (entry, step) => {
    const cutover = await findCutover(step.connection, entry.metadata.listid ?? '');
    if (cutover?.stage === 'alongside') await relayToMailman2(entry, step, cutover);
    await own(entry, step);
  };
}

async function isOurs({ message, metadata }: QueueEntry, step: Step): Promise<boolean> {
  const listId = metadata.listid ?? '';
  const token = metadata.subaddress === 'confirm' ? metadata.extension : undefined;
  if (token !== undefined) return isOwnToken(token, listId, step);
  const senders = sendersOf(Message.parse(message), metadata, step.config.mailman.sender_headers);
  const keys = senders.map(({ address }) => addressKey(address));
  return (await handedOverAmong(step.connection, listId, keys)).size > 0;
}

/** Those that Mailman 2 has given out are known here as well, for the time when it is gone. */
async function isOwnToken(token: string, listId: string, { clock, connection }: Step): Promise<boolean> {
  const pending = await findPending(connection, token, clock.now());
  if (pending?.listId !== listId) return false;
  return !(await migratedItems(connection, listId, 'pending')).has(token);
}
