import type { Connection, Database } from '../../database/handle.ts';
import { execute, query } from '../../database/statement.ts';
import { tidyAfter } from '../../queue/large-messages.ts';
import { addMessages, lockList } from './add.ts';
import { contentsOf, type Dictionaries } from './content.ts';
import type { PreparedMessage, SourceMessage } from './incoming.ts';
import { unindexMessages } from './search/index-rows.ts';
import { type Big, oneOf } from './statements.ts';
import { forgetDerived } from './write-lists.ts';

/** Messages in one transaction, and octets after which it is closed earlier. */
const BATCH = 200;
const BATCH_OCTETS = 8_000_000;

interface PlaceRow {
  readonly id: number;
  readonly number: number;
  readonly date: Big;
  readonly size: number;
  readonly run_id: number | null;
  readonly run_offset: Big | null;
}

/**
 * Makes everything but the contents anew. Messages wait under the list's negative key, where nothing finds them, and
 * come back a batch at a time; so a run that was killed goes on where it was.
 * @param prepare called with the original
 * @param onProgress called with the number of messages done
 */
export async function rebuildList(
  database: Database,
  dictionaries: Dictionaries,
  list: number,
  prepare: (message: SourceMessage) => PreparedMessage,
  onProgress: (done: number) => void = () => undefined,
): Promise<void> {
  await database.transaction(async (connection) => {
    const [waiting] = await query(connection, 'SELECT id FROM archive_message WHERE list_id = ? LIMIT 1', [
      -list,
    ]);
    if (waiting) return;
    await forgetDerived(connection, list);
    await execute(connection, 'UPDATE archive_message SET list_id = ? WHERE list_id = ?', [-list, list]);
  });
  for (let done = 0; ; onProgress(done)) {
    const { count, octets } = await database.transaction((connection) =>
      rebuildBatch(connection, dictionaries, list, prepare),
    );
    if (count === 0) return;
    tidyAfter(octets);
    done += count;
  }
}

async function rebuildBatch(
  connection: Connection,
  dictionaries: Dictionaries,
  list: number,
  prepare: (message: SourceMessage) => PreparedMessage,
): Promise<{ readonly count: number; readonly octets: number }> {
  await lockList(connection, list);
  const rows = firstOf(
    await query<PlaceRow>(
      connection,
      'SELECT id, number, date, size, run_id, run_offset FROM archive_message WHERE list_id = ? ORDER BY id LIMIT ?',
      [-list, BATCH],
    ),
  );
  const ids = rows.map(({ id }) => id);
  const contents = await contentsOf(connection, dictionaries, ids);
  const kept: PlaceRow[] = [];
  const messages: PreparedMessage[] = [];
  for (const row of rows) {
    const content = contents.get(row.id);
    if (!content) continue;
    kept.push(row);
    messages.push(
      prepare({
        bytes: content.source,
        separator: content.separator.length,
        tail: content.tail,
        ...(row.run_id === null ? {} : { source: { run: row.run_id, offset: Number(row.run_offset) } }),
        otherDate: { date: Number(row.date), source: 'neighbour' },
      }),
    );
  }
  contents.clear();
  await unindexMessages(connection, ids);
  const [isOne, wanted] = oneOf(connection, ids);
  await execute(connection, `DELETE FROM archive_attachment WHERE message_id ${isOne}`, [wanted]);
  await execute(connection, `DELETE FROM archive_message WHERE id ${isOne}`, [wanted]);
  await addMessages(connection, list, messages, kept);
  return { count: rows.length, octets: messages.reduce((octets, { length }) => octets + length, 0) };
}

/** So many that they can be in memory at once; at least one. */
function firstOf(rows: readonly PlaceRow[]): PlaceRow[] {
  let octets = 0;
  return rows.filter(({ size }, index) => {
    octets += size;
    return index === 0 || octets <= BATCH_OCTETS;
  });
}
