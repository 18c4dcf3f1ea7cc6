import type { Connection } from '../../database/handle.ts';
import { dateSourceCode } from './message-rows.ts';
import type { NewMessage } from './new-message.ts';
import { insertAll, plainMarks } from './statements.ts';

/** References that are kept with a message, to find what it answers when its thread is read. */
const KEPT_REFERENCES = 4;

/** Stores what overviews show of new messages. */
export async function saveMessages(connection: Connection, rows: readonly NewMessage[]): Promise<void> {
  await insertAll(
    connection,
    `archive_message (id, list_id, hash, copy, digest, message_id, sender_id, sender_name, subject, subject_key,
      linking, reference_hashes, date, date_source, number, size, thread_id, attachments, run_id, run_offset)`,
    plainMarks(20),
    rows.map((row) => {
      const { prepared } = row;
      return [
        row.id,
        row.list,
        row.hash,
        row.copy,
        Buffer.from(prepared.digest),
        prepared.messageId,
        row.sender,
        prepared.senderName,
        prepared.subject,
        row.subjectKey,
        row.linking,
        row.references.slice(0, KEPT_REFERENCES).join(' '),
        row.date,
        dateSourceCode(row.dateSource),
        row.number,
        prepared.length - prepared.separator - prepared.tail,
        row.thread,
        prepared.attachments.length,
        prepared.source?.run ?? null,
        prepared.source?.offset ?? null,
      ];
    }),
  );
}

/** Stores the originals of new messages, compressed. */
export async function saveContents(connection: Connection, rows: readonly NewMessage[]): Promise<void> {
  await insertAll(
    connection,
    'archive_content (message_id, dictionary_id, separator_length, tail_length, length, content)',
    plainMarks(6),
    rows.map(({ id, prepared }) => [
      id,
      prepared.dictionary ?? null,
      prepared.separator,
      prepared.tail,
      prepared.length,
      Buffer.from(prepared.content.buffer, prepared.content.byteOffset, prepared.content.byteLength),
    ]),
  );
}

/** Stores which attachments new messages have. */
export async function saveAttachments(connection: Connection, rows: readonly NewMessage[]): Promise<void> {
  await insertAll(
    connection,
    'archive_attachment (message_id, part, name, type, size)',
    plainMarks(5),
    rows.flatMap(({ id, prepared }) =>
      prepared.attachments.map(({ part, name, type, size }) => [id, part, name, type, size]),
    ),
  );
}

/** Stores the pipermail pages that new messages had. */
export async function saveOldPaths(connection: Connection, rows: readonly NewMessage[]): Promise<void> {
  const paths = new Map(
    rows.flatMap(({ id, list, prepared: { oldPath } }) =>
      oldPath === undefined ? [] : [[oldPath, { id, list }] as const],
    ),
  );
  await writeOldPaths(
    connection,
    [...paths].map(([path, { id, list }]) => ({ list, path, message: id })),
  );
}

/** Stores further hashes by which links lead to new messages. */
export async function saveAliases(connection: Connection, rows: readonly NewMessage[]): Promise<void> {
  await insertAll(
    connection,
    'archive_alias (list_id, hash, message_id)',
    plainMarks(3),
    rows.flatMap(({ id, list, hash, prepared: { alias } }) =>
      alias === undefined || alias === hash ? [] : [[list, alias, id]],
    ),
    'ON CONFLICT (list_id, hash) DO NOTHING',
  );
}

/** Makes old paths lead to messages; one that is there already changes. */
export async function writeOldPaths(
  connection: Connection,
  paths: readonly { readonly list: number; readonly path: string; readonly message: number }[],
): Promise<void> {
  await insertAll(
    connection,
    'archive_old_path (list_id, path, message_id)',
    plainMarks(3),
    paths.map(({ list, path, message }) => [list, path, message]),
    'ON CONFLICT (list_id, path) DO UPDATE SET message_id = excluded.message_id',
  );
}
