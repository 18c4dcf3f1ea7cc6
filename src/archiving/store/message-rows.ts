import type { Connection } from '../../database/handle.ts';
import { query, type StatementValue } from '../../database/statement.ts';
import { type Big, oneOf } from './statements.ts';
import type { ArchivedMessage, DateSource, Sender } from './types.ts';

const DATE_SOURCES: readonly DateSource[] = ['date', 'separator', 'neighbour', 'received'];

/** The number that stands for it in the table. */
export function dateSourceCode(source: DateSource): number {
  return DATE_SOURCES.indexOf(source);
}

interface MessageRow {
  readonly id: number;
  readonly list_id: number;
  readonly hash: string;
  readonly copy: number;
  readonly message_id: string;
  readonly sender_id: number;
  readonly sender_name: string;
  readonly address: string | null;
  readonly subject: string;
  readonly date: Big;
  readonly date_source: number;
  readonly number: number;
  readonly size: number;
  readonly thread_id: number;
  readonly attachments: number;
}

const COLUMNS =
  'm.id, m.list_id, m.hash, m.copy, m.message_id, m.sender_id, m.sender_name, s.address, m.subject, m.date, m.date_source, m.number, m.size, m.thread_id, m.attachments';

/**
 * Messages as pages show them.
 * @param rest what stands behind the tables `archive_message m` and `archive_sender s`: WHERE, ORDER BY, LIMIT
 */
export async function selectMessages(
  connection: Connection,
  rest: string,
  values: readonly StatementValue[],
): Promise<ArchivedMessage[]> {
  const rows = await query<MessageRow>(
    connection,
    `SELECT ${COLUMNS} FROM archive_message m LEFT JOIN archive_sender s ON s.id = m.sender_id ${rest}`,
    values,
  );
  return rows.map(messageFromRow);
}

/** Messages by their keys, in the order of the keys; those that are gone are left out. */
export async function messagesByIds(
  connection: Connection,
  ids: readonly number[],
): Promise<ArchivedMessage[]> {
  if (ids.length === 0) return [];
  const [isOne, wanted] = oneOf(connection, ids);
  const messages = await selectMessages(connection, `WHERE m.id ${isOne}`, [wanted]);
  const byId = new Map(messages.map((message) => [message.id, message]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

function messageFromRow(row: MessageRow): ArchivedMessage {
  return {
    id: row.id,
    list: row.list_id,
    messageId: row.message_id,
    hash: row.hash,
    copy: row.copy,
    sender: senderOf(row),
    subject: row.subject,
    date: Number(row.date),
    dateSource: DATE_SOURCES[row.date_source] ?? 'received',
    number: row.number,
    size: row.size,
    thread: row.thread_id,
    attachments: row.attachments,
  };
}

/** The sender of a message under the name that the message gives. */
export function senderOf(row: {
  readonly sender_id: number;
  readonly sender_name: string;
  readonly address: string | null;
}): Sender {
  return { id: row.sender_id, address: row.address ?? '', name: row.sender_name };
}
