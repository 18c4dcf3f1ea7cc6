import type { UtcTime } from '../model/time.ts';
import { newId } from '../model/uuid.ts';
import type { Connection } from './handle.ts';
import { insertRows, selectIn } from './rows.ts';

/** Whether mail to a member bounced, or the probe that tried whether it still does. */
export type BounceContext = 'normal' | 'probe';

/** A bounce that was recognised and is still to be counted. */
export interface BounceEvent {
  readonly eventId: number;
  readonly listId: string;
  /** The key of the member's address. */
  readonly email: string;
  readonly context: BounceContext;
  readonly receivedAt: UtcTime;
  readonly bounceId: string;
}

interface EventRow {
  readonly event_id: number;
  readonly list_id: string;
  readonly email: string;
  readonly context: BounceContext;
  readonly received_at: UtcTime;
  readonly bounce_id: string;
}

/** Stores what one mail says about several members; its bytes are stored once. */
export async function insertBounceEvents(
  connection: Connection,
  listId: string,
  emails: readonly string[],
  bounce: Pick<BounceEvent, 'context' | 'receivedAt'> & { readonly content: Buffer },
): Promise<void> {
  if (emails.length === 0) return;
  const bounceId = newId();
  await connection('bounce_message').insert({
    bounce_id: bounceId,
    list_id: listId,
    content: bounce.content,
  });
  const rows = emails.map((email) => ({
    list_id: listId,
    email,
    context: bounce.context,
    received_at: bounce.receivedAt,
    bounce_id: bounceId,
  }));
  await insertRows(connection, 'bounce_event', rows);
}

/** Takes the oldest events out of the store, in a transaction; other hosts take others meanwhile. */
export async function takeBounceEvents(connection: Connection, limit: number): Promise<BounceEvent[]> {
  const query = connection<EventRow>('bounce_event').orderBy('event_id').limit(limit);
  if (connection.client.dialect !== 'sqlite3') query.forUpdate().skipLocked();
  const rows: EventRow[] = await query;
  await deleteEvents(
    connection,
    rows.map(({ event_id }) => event_id),
  );
  return rows.map((row) => ({
    eventId: row.event_id,
    listId: row.list_id,
    email: row.email,
    context: row.context,
    receivedAt: row.received_at,
    bounceId: row.bounce_id,
  }));
}

/**
 * MariaDB may read the whole table for many rows of a small one, and then waits for those that another host has taken,
 * which waits for ours: there, each is looked up by itself.
 */
async function deleteEvents(connection: Connection, ids: readonly number[]): Promise<void> {
  const groups = connection.client.dialect === 'mysql' ? ids.map((id) => [id]) : [ids];
  for (const group of groups) await connection('bounce_event').whereIn('event_id', group).delete();
}

/** The mail that an event came of; undefined where it is gone. */
export async function loadBounce(connection: Connection, bounceId: string): Promise<Buffer | undefined> {
  const row = await connection('bounce_message')
    .where('bounce_id', bounceId)
    .first<{ content: Buffer } | undefined>('content');
  return row?.content;
}

/** Removes those of these mails of which no event is left. */
export async function dropUnusedBounces(connection: Connection, bounceIds: readonly string[]): Promise<void> {
  await selectIn(bounceIds, async (batch) => {
    await connection('bounce_message')
      .whereIn('bounce_id', batch)
      .whereNotExists(
        connection('bounce_event')
          .select('event_id')
          .whereRaw('bounce_event.bounce_id = bounce_message.bounce_id'),
      )
      .delete();
    return [];
  });
}
