import type { Connection } from '../../database/handle.ts';
import { query } from '../../database/statement.ts';
import { saveAliases, saveAttachments, saveContents, saveMessages, saveOldPaths } from './add-rows.ts';
import { addToCounts } from './counts.ts';
import { ensureDictionary } from './dictionary.ts';
import { ArchiveError } from './errors.ts';
import { Grouping } from './grouping.ts';
import { groupAmongStored } from './grouping-rows.ts';
import type { Added, PreparedMessage } from './incoming.ts';
import { KnownMessages } from './known.ts';
import type { NewMessage } from './new-message.ts';
import { indexMessages } from './search/index-rows.ts';
import { senderIds } from './senders.ts';
import { type Big, isSqlite, reserveIds } from './statements.ts';
import { Linking, subjectKey } from './subject-links.ts';
import { saveThreads } from './thread-rows.ts';

interface ListRow {
  readonly next_number: number;
  readonly last_date: Big | null;
}

/** What `rebuild` keeps of a message. */
export interface KeptPlace {
  readonly id: number;
  readonly number: number;
}

/** The list's row, locked against other writers until the transaction ends. @throws ArchiveError where it is gone */
export async function lockList(connection: Connection, list: number): Promise<ListRow> {
  // In SQLite the transaction itself has the lock.
  const locking = isSqlite(connection) ? '' : ' FOR UPDATE';
  const [row] = await query<ListRow>(
    connection,
    `SELECT next_number, last_date FROM archive_list WHERE id = ?${locking}`,
    [list],
  );
  if (!row) throw new ArchiveError(`The archive has no list ${list} any more: it was deleted meanwhile`);
  return row;
}

/**
 * Adds messages to a list, in a transaction: stored, threaded, counted and searchable.
 * @param keep for messages that had their place before, in the same order; they are not looked for among those known
 */
export async function addMessages(
  connection: Connection,
  list: number,
  messages: readonly PreparedMessage[],
  keep?: readonly KeptPlace[],
): Promise<Added[]> {
  const row = await lockList(connection, list);
  const known = await KnownMessages.load(connection, list, messages);
  const fresh: { readonly prepared: PreparedMessage; readonly index: number; readonly copy: number }[] = [];
  const added: (Added | undefined)[] = messages.map((prepared, index) => {
    const id = keep ? undefined : known.find(prepared);
    if (id !== undefined) return { id, known: true };
    fresh.push({ prepared, index, copy: known.add(prepared) });
    return undefined;
  });
  const ids = keep ? keep.map(({ id }) => id) : await reserveIds(connection, 'archive_message', fresh.length);
  const senders = await senderIds(
    connection,
    fresh.map(({ prepared }) => prepared),
  );
  let nextNumber = row.next_number;
  let lastDate = row.last_date === null ? undefined : Number(row.last_date);
  const rows = fresh.map(({ prepared, index, copy }, place): NewMessage => {
    const number = keep?.[index]?.number ?? prepared.number ?? nextNumber;
    nextNumber = Math.max(nextNumber, number + 1);
    lastDate = prepared.date ?? lastDate ?? Date.now();
    const id = ids[place] ?? 0;
    added[index] = { id, known: false };
    known.learn(prepared, id);
    return {
      prepared,
      id,
      list,
      copy,
      sender: senders[place] ?? 0,
      date: lastDate,
      dateSource: prepared.date === undefined ? 'neighbour' : prepared.dateSource,
      number,
      subjectKey: subjectKey(prepared.plainSubject),
      linking:
        prepared.references.length > 0
          ? Linking.byReferences
          : prepared.isReply
            ? Linking.asAnswer
            : Linking.asPost,
      hash: prepared.hash,
      references: prepared.references,
      thread: 0,
    };
  });
  await group(connection, list, rows);
  await saveMessages(connection, rows);
  if (!keep) await saveContents(connection, rows);
  await saveAttachments(connection, rows);
  await saveOldPaths(connection, rows);
  await saveAliases(connection, rows);
  await indexMessages(connection, rows);
  await addToCounts(connection, list, rows, nextNumber);
  await ensureDictionary(connection, list);
  return added.map((result) => result ?? { id: 0, known: true });
}

async function group(connection: Connection, list: number, rows: readonly NewMessage[]): Promise<void> {
  const grouping = new Grouping();
  await groupAmongStored(connection, list, grouping, rows);
  for (const row of rows) row.thread = grouping.take(row);
  await saveThreads(connection, list, grouping, rows);
}
