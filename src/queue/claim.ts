import type { Connection } from '../database/handle.ts';
import { claimEntries, putBackEntry, type QueueEntryRow, releaseEntry } from '../database/queue-entries.ts';
import { loadMessage } from '../database/queue-messages.ts';
import type { Services } from '../flow/step.ts';
import { type HeldEntries, type HeldEntry, heldEntry } from './held-entries.ts';
import type { MessageMetadata, QueueName } from './queues.ts';

/** Who takes entries, of which queue. */
export interface Claimant {
  readonly services: Services;
  readonly workerId: string;
  /** What is in hand already, which bounds what may be taken. */
  readonly held: HeldEntries;
  readonly queue: QueueName;
}

/** What was taken. */
export interface Claimed {
  readonly entries: HeldEntry[];
  /** Whether nothing that is due was left. */
  readonly isAll: boolean;
}

/** An entry that so many processes died with is set aside: it may be what kills them. */
const MAX_RECOVERIES = 20;

/** Takes entries with their messages, as far as there is memory for them; in a transaction. */
export async function claim(connection: Connection, claimant: Claimant, limit: number): Promise<Claimed> {
  const { services, workerId, held, queue } = claimant;
  const rows = await claimEntries(connection, { queue, workerId, now: services.clock.now(), limit });
  const entries: HeldEntry[] = [];
  let bytes = 0;
  for (const [index, row] of rows.entries()) {
    if (row.recoveries >= MAX_RECOVERIES) {
      await setAside(connection, claimant, row);
      continue;
    }
    const message = await loadMessage(connection, row.message_id);
    const isFirst = entries.length === 0 && held.isEmpty;
    if (!message || !(isFirst || held.hasRoomFor(queue, bytes + message.length))) {
      for (const rest of rows.slice(index)) await releaseEntry(connection, rest.entry_id, workerId);
      return { entries, isAll: false };
    }
    entries.push(fromRow(row, queue, message));
    bytes += message.length;
  }
  return { entries, isAll: rows.length < limit };
}

async function setAside(
  connection: Connection,
  { services, workerId, queue }: Claimant,
  row: QueueEntryRow,
): Promise<void> {
  const metadata: MessageMetadata = { ...(JSON.parse(row.metadata) as MessageMetadata), whichq: queue };
  await putBackEntry(connection, row.entry_id, workerId, {
    queue: 'shunt',
    metadata: JSON.stringify(metadata),
    run_at: services.clock.now(),
    attempts: row.attempts,
    error: `The server died ${row.recoveries} times while it held this message`,
  });
  services.log('error', `SHUNTING: entry ${row.entry_id} of queue ${queue}, with which the server died`);
}

function fromRow(row: QueueEntryRow, queue: QueueName, message: Buffer): HeldEntry {
  return heldEntry({
    id: row.entry_id,
    queue,
    message,
    messageId: row.message_id,
    metadata: JSON.parse(row.metadata) as MessageMetadata,
    attempts: row.attempts,
    recoveries: row.recoveries,
  });
}
