import type { Connection } from '../../database/handle.ts';
import { query, queryIn } from '../../database/statement.ts';
import type { PreparedMessage } from './incoming.ts';
import { insertAll, plainMarks } from './statements.ts';
import type { Sender } from './types.ts';

interface SenderRow {
  readonly id: number;
  readonly address_key: string;
  readonly address: string;
  readonly name: string;
}

/** How addresses compare: without regard to case. A sender without an address is told from others by the name. */
function senderKey(address: string, name: string): string {
  return (address === '' ? `"${name}"` : address).toLowerCase().toWellFormed().replaceAll('\0', '\uFFFD');
}

/** The keys of the senders of messages, in their order; new ones get an entry, and known ones the name they use now. */
export async function senderIds(
  connection: Connection,
  messages: readonly Pick<PreparedMessage, 'senderAddress' | 'senderName'>[],
): Promise<number[]> {
  const wanted = new Map<string, { address: string; name: string }>();
  const keys = messages.map(({ senderAddress: address, senderName }) => {
    const key = senderKey(address, senderName);
    const name = senderName || (wanted.get(key)?.name ?? '');
    wanted.set(key, { address, name });
    return key;
  });
  const rows = await queryIn<SenderRow>(
    connection,
    (isListed) => `SELECT id, address_key, address, name FROM archive_sender WHERE address_key ${isListed}`,
    [],
    [...wanted.keys()],
  );
  const known = new Map(rows.map((row) => [row.address_key, row]));
  const changed = [...wanted]
    .filter(([key, { name }]) => {
      const row = known.get(key);
      return !row || (name !== '' && name !== row.name);
    })
    // In one order everywhere, so that two writers do not wait for each other.
    .sort(([one], [other]) => (one < other ? -1 : 1));
  await insertAll(
    connection,
    'archive_sender (address_key, address, name)',
    plainMarks(3),
    changed.map(([key, { address, name }]) => [key, address, name]),
    'ON CONFLICT (address_key) DO UPDATE SET name = excluded.name',
  );
  const made = await queryIn<SenderRow>(
    connection,
    (isListed) => `SELECT id, address_key, address, name FROM archive_sender WHERE address_key ${isListed}`,
    [],
    changed.flatMap(([key]) => (known.has(key) ? [] : [key])),
  );
  for (const row of made) known.set(row.address_key, row);
  return keys.map((key) => known.get(key)?.id ?? 0);
}

/** A sender by the archive's key. */
export async function senderById(connection: Connection, id: number): Promise<Sender | undefined> {
  const [row] = await query<SenderRow>(connection, 'SELECT * FROM archive_sender WHERE id = ?', [id]);
  return row && { id: row.id, address: row.address, name: row.name };
}

/** A sender by address, in any case. */
export async function senderByAddress(connection: Connection, address: string): Promise<Sender | undefined> {
  const [row] = await query<SenderRow>(connection, 'SELECT * FROM archive_sender WHERE address_key = ?', [
    senderKey(address, ''),
  ]);
  return row && { id: row.id, address: row.address, name: row.name };
}
