import type { Connection } from '../database/handle.ts';
import { dueEntries, putBackEntry, type QueueEntryRow, takeEntries } from '../database/queue-entries.ts';
import { loadMessages, messageSizes } from '../database/queue-messages.ts';
import { type HeldEntries, type HeldEntry, heldEntry, MAX_BYTES } from './held-entries.ts';
import { MetadataError, readMetadata, withOrigin } from './metadata.ts';
import type { MessageMetadata, QueueName } from './queues.ts';
import type { Services } from './step.ts';

/** Who takes entries, of which queue. */
export interface Claimant {
  readonly services: Services;
  readonly workerId: string;
  /** What is in hand already, which bounds what may be taken. */
  readonly held: HeldEntries;
  readonly queue: QueueName;
  /** Is given the memory that is kept for what is taken; called in the transaction. */
  readonly onReserved: (giveBack: () => void) => void;
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
  const { services, workerId, queue } = claimant;
  const due = await dueEntries(connection, { queue, now: services.clock.now(), limit });
  const sound: Sound[] = [];
  for (const row of due) {
    const found = look(row);
    if (typeof found === 'string') await setAside(connection, claimant, row, found);
    else sound.push(found);
  }
  const { fitting, bytes } = await thoseThatFit(connection, claimant, sound);
  const entryIds = fitting.map(({ row }) => row.entry_id);
  claimant.onReserved(claimant.held.reserve(bytes, entryIds));
  await takeEntries(connection, entryIds, workerId);
  const messages = await loadMessages(
    connection,
    fitting.map(({ row }) => row.message_id),
  );
  const entries: HeldEntry[] = [];
  for (const { row, metadata } of fitting) {
    const message = messages.get(row.message_id);
    if (message) entries.push(heldOf(row, { queue, message, metadata }));
    else await setAside(connection, claimant, row, 'The message itself is missing');
  }
  return { entries, isAll: due.length < limit && fitting.length === sound.length };
}

/** An entry as it is stored, and its metadata, which could be read. */
interface Sound {
  readonly row: QueueEntryRow;
  readonly metadata: MessageMetadata;
}

/** Reads the metadata of an entry; or says why it is not to be worked on: it must not be in the way of others. */
function look(row: QueueEntryRow): Sound | string {
  const { recoveries } = row;
  if (recoveries >= MAX_RECOVERIES) return `The server died ${recoveries} times while it held this message`;
  try {
    return { row, metadata: readMetadata(row.metadata) };
  } catch (error) {
    if (error instanceof MetadataError) return error.message;
    throw error;
  }
}

/** The first ones, whose messages there is memory for. */
async function thoseThatFit(
  connection: Connection,
  { held, queue }: Claimant,
  sound: readonly Sound[],
): Promise<{ readonly fitting: readonly Sound[]; readonly bytes: number }> {
  const sizes = await messageSizes(
    connection,
    sound.map(({ row }) => row.message_id),
  );
  let bytes = 0;
  for (const [index, { row }] of sound.entries()) {
    const size = sizes.get(row.message_id) ?? 0;
    const isFirst = index === 0 && held.isEmpty;
    const isTooMuch = index > 0 && held.isEmpty && bytes + size > MAX_BYTES;
    if (!isFirst && (isTooMuch || !held.hasRoomFor(queue, bytes + size)))
      return { fitting: sound.slice(0, index), bytes };
    bytes += size;
  }
  return { fitting: sound, bytes };
}

async function setAside(
  connection: Connection,
  { services, workerId, queue }: Claimant,
  row: QueueEntryRow,
  error: string,
): Promise<void> {
  await takeEntries(connection, [row.entry_id], workerId);
  await putBackEntry(connection, row.entry_id, workerId, {
    queue: 'shunt',
    metadata: withOrigin(row.metadata, queue),
    run_at: services.clock.now(),
    attempts: row.attempts,
    error,
  });
  services.log('error', `SHUNTING: entry ${row.entry_id} of queue ${queue}: ${error}`);
}

function heldOf(row: QueueEntryRow, known: Pick<HeldEntry, 'queue' | 'message' | 'metadata'>): HeldEntry {
  return heldEntry({
    ...known,
    id: row.entry_id,
    messageId: row.message_id,
    attempts: row.attempts,
    recoveries: row.recoveries,
  });
}
