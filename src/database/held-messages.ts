import { LONGEST_ADDRESS } from '../model/email-address.ts';
import { cleanText } from '../model/text.ts';
import type { UtcTime } from '../model/time.ts';
import type { MessageMetadata } from '../queue/queues.ts';
import type { Connection } from './handle.ts';
import { type Page, type Paged, pageOfQuery } from './pages.ts';

/** A post that waits for a moderator. */
export interface HeldMessage {
  /** Unique over all lists. */
  readonly requestId: number;
  readonly listId: string;
  /** With angle brackets, '' where there is none. */
  readonly messageId: string;
  readonly sender: string;
  /** Decoded. */
  readonly subject: string;
  readonly reasons: readonly string[];
  readonly heldAt: UtcTime;
  readonly metadata: MessageMetadata;
  readonly content: Buffer;
}

/** What is known of a held post without reading it: those of a list may be more than there is memory for. */
export type HeldSummary = Omit<HeldMessage, 'metadata' | 'content'> & {
  /** Octets. */
  readonly size: number;
};

type HeldSummaryRow = Omit<HeldMessageRow, 'metadata' | 'content'> & { readonly size: number | string };

interface HeldMessageRow {
  readonly request_id: number;
  readonly list_id: string;
  readonly message_id: string;
  readonly sender: string;
  readonly subject: string;
  readonly reasons: string;
  readonly held_at: UtcTime;
  readonly metadata: string;
  readonly content: Buffer;
}

const LONGEST_MESSAGE_ID = 998;

/** @returns the request id */
export async function insertHeldMessage(
  connection: Connection,
  held: Omit<HeldMessage, 'requestId'>,
): Promise<number> {
  const insert = connection('held_message').insert(toRow(held));
  if (connection.client.dialect !== 'postgresql') return Number((await insert)[0]);
  const [row] = await insert.returning<{ request_id: number }[]>('request_id');
  return row?.request_id ?? 0;
}

/**
 * The same with a request id that the post had elsewhere, as long as nobody has it here.
 * @returns the request id
 */
export async function insertHeldMessageAs(connection: Connection, held: HeldMessage): Promise<number> {
  const { requestId } = held;
  const taken = await connection('held_message').where('request_id', requestId).first('request_id');
  if (taken) return insertHeldMessage(connection, held);
  await connection('held_message').insert({ request_id: requestId, ...toRow(held) });
  // The other databases count on from the highest number by themselves.
  if (connection.client.dialect === 'postgresql')
    await connection.raw(
      "SELECT setval(pg_get_serial_sequence('held_message', 'request_id'), (SELECT MAX(request_id) FROM held_message))",
    );
  return requestId;
}

function toRow(held: Omit<HeldMessage, 'requestId'>) {
  return {
    list_id: held.listId,
    message_id: cleanText(held.messageId).slice(0, LONGEST_MESSAGE_ID),
    sender: cleanText(held.sender).slice(0, LONGEST_ADDRESS),
    subject: cleanText(held.subject),
    reasons: JSON.stringify(held.reasons),
    held_at: held.heldAt,
    metadata: JSON.stringify(held.metadata),
    content: held.content,
  };
}

/** The held posts of a list, oldest first. */
export async function heldMessagesOf(connection: Connection, listId: string): Promise<HeldMessage[]> {
  const rows = await connection<HeldMessageRow>('held_message')
    .where('list_id', listId)
    .orderBy('request_id');
  return rows.map(fromRow);
}

/** The same without what they say. */
export async function heldSummariesOf(connection: Connection, listId: string): Promise<HeldSummary[]> {
  return (await summaries(connection, listId)).map(toSummary);
}

/** One page of these, oldest first. */
export async function heldSummaryPage(
  connection: Connection,
  listId: string,
  page: Page,
): Promise<Paged<HeldSummary>> {
  const all = connection('held_message').where('list_id', listId);
  const found = await pageOfQuery<HeldSummaryRow>(summaries(connection, listId), page, all);
  return { total: found.total, rows: found.rows.map(toSummary) };
}

function summaries(connection: Connection, listId: string) {
  return connection('held_message')
    .where('list_id', listId)
    .orderBy('request_id')
    .select<HeldSummaryRow[]>(
      ...['request_id', 'list_id', 'message_id', 'sender', 'subject', 'reasons', 'held_at'],
      connection.raw('LENGTH(content) AS size'),
    );
}

/** The request ids of the held posts of a list. */
export async function heldRequestIds(connection: Connection, listId: string): Promise<number[]> {
  return connection('held_message')
    .where('list_id', listId)
    .orderBy('request_id')
    .pluck<number[]>('request_id');
}

/** A held message of a list by its request. */
export async function findHeldMessage(
  connection: Connection,
  listId: string,
  requestId: number,
): Promise<HeldMessage | undefined> {
  const row = await connection<HeldMessageRow>('held_message')
    .where({ list_id: listId, request_id: requestId })
    .first();
  return row && fromRow(row);
}

/** The request ids of the posts of a list that were held before a moment. */
export async function heldRequestIdsBefore(
  connection: Connection,
  listId: string,
  moment: UtcTime,
): Promise<number[]> {
  return connection('held_message')
    .where('list_id', listId)
    .where('held_at', '<', moment)
    .orderBy('request_id')
    .pluck<number[]>('request_id');
}

/** How many messages a list holds. */
export async function countHeldMessages(connection: Connection, listId: string): Promise<number> {
  const row = await connection('held_message')
    .where('list_id', listId)
    .count({ total: '*' })
    .first<{ total: number | string }>();
  return Number(row.total);
}

/** Forgets a held message that was decided on. @returns false where somebody else did so before */
export async function deleteHeldMessage(connection: Connection, requestId: number): Promise<boolean> {
  return (await connection('held_message').where('request_id', requestId).delete()) > 0;
}

function toSummary(row: HeldSummaryRow): HeldSummary {
  return { ...described(row), size: Number(row.size) };
}

function described(row: Omit<HeldMessageRow, 'metadata' | 'content'>) {
  return {
    requestId: row.request_id,
    listId: row.list_id,
    messageId: row.message_id,
    sender: row.sender,
    subject: row.subject,
    reasons: JSON.parse(row.reasons) as string[],
    heldAt: row.held_at,
  };
}

function fromRow(row: HeldMessageRow): HeldMessage {
  return {
    ...described(row),
    metadata: JSON.parse(row.metadata) as MessageMetadata,
    content: row.content,
  };
}
