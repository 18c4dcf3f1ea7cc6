import type { Action } from '../model/enums.ts';
import type { HeaderMatch } from '../model/header-match.ts';
import type { Connection } from './handle.ts';
import { forgetReads, readOnce } from './read-once.ts';
import { insertRows } from './rows.ts';
import { query } from './statement.ts';

interface HeaderMatchRow {
  readonly list_id: string;
  readonly position: number;
  readonly header: string;
  readonly pattern: string;
  readonly action: Action | null;
  readonly tag: string | null;
}

/** The header matches of a list, in the order they are tried. */
export async function headerMatchesOf(
  connection: Connection,
  listId: string,
): Promise<readonly HeaderMatch[]> {
  return readOnce(connection, 'header matches', listId, () => readHeaderMatches(connection, listId));
}

async function readHeaderMatches(connection: Connection, listId: string): Promise<HeaderMatch[]> {
  const rows = await query<HeaderMatchRow>(
    connection,
    'SELECT header, pattern, action, tag FROM header_match WHERE list_id = ? ORDER BY position',
    [listId],
  );
  return rows.map(({ header, pattern, action, tag }) => ({ header, pattern, action, tag }));
}

/** Replaces the header matches of a list; positions count from 0. */
export async function replaceHeaderMatches(
  connection: Connection,
  listId: string,
  matches: readonly HeaderMatch[],
): Promise<void> {
  forgetReads(connection, 'header matches');
  await connection('header_match').where('list_id', listId).delete();
  await insertRows(
    connection,
    'header_match',
    matches.map(({ header, pattern, action, tag }, position) => ({
      list_id: listId,
      position,
      header,
      pattern,
      action,
      tag,
    })),
  );
}
