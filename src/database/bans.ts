import { createHash } from 'node:crypto';
import type { Ban } from '../model/ban.ts';
import { cleanText } from '../model/text.ts';
import type { Connection } from './handle.ts';
import { forgetReads, readOnce } from './read-once.ts';
import { insertMissingRows, selectIn } from './rows.ts';
import { query } from './statement.ts';

interface BanRow {
  readonly ban_id: number;
  readonly list_id: string | null;
  readonly email: string;
  readonly fingerprint: string;
}

/** The bans of one list, or (null) of the whole site, in the order they were made. */
export async function bansOf(connection: Connection, listId: string | null): Promise<Ban[]> {
  const rows = await connection<BanRow>('ban').where('list_id', listId).orderBy('ban_id');
  return rows.map((row) => ({ listId: row.list_id, email: row.email }));
}

/** The bans that count on a list: its own and the site's. */
export async function bansFor(connection: Connection, listId: string): Promise<readonly Ban[]> {
  return readOnce(connection, 'bans', listId, () => readBansFor(connection, listId));
}

async function readBansFor(connection: Connection, listId: string): Promise<Ban[]> {
  const rows = await query<Pick<BanRow, 'list_id' | 'email'>>(
    connection,
    'SELECT list_id, email FROM ban WHERE list_id = ? OR list_id IS NULL ORDER BY ban_id',
    [listId],
  );
  const [own, site] = [
    rows.filter((row) => row.list_id !== null),
    rows.filter((row) => row.list_id === null),
  ];
  return [...own, ...site].map((row) => ({ listId: row.list_id, email: row.email }));
}

/** Adds bans; those that are there already stay. */
export async function insertBans(connection: Connection, bans: readonly Ban[]): Promise<void> {
  forgetReads(connection, 'bans');
  await insertMissingRows(
    connection,
    'ban',
    bans.map((ban) => ({ list_id: ban.listId, email: ban.email, fingerprint: fingerprint(ban) })),
  );
}

/** Lifts bans of a list, or of the whole site. */
export async function deleteBans(
  connection: Connection,
  listId: string | null,
  emails: readonly string[],
): Promise<void> {
  forgetReads(connection, 'bans');
  const fingerprints = emails.map((email) => fingerprint({ listId, email }));
  await selectIn(fingerprints, async (batch) => {
    await connection<BanRow>('ban').whereIn('fingerprint', batch).delete();
    return [];
  });
}

function fingerprint({ listId, email }: Ban): string {
  return createHash('sha256')
    .update(`${listId ?? ''}\n${cleanText(email)}`)
    .digest('hex');
}
