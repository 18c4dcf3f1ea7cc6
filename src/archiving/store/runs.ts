import type { Connection } from '../../database/handle.ts';
import { execute, query } from '../../database/statement.ts';
import type { Big } from './statements.ts';
import type { ImportRun } from './types.ts';

interface RunRow {
  readonly id: number;
  readonly list_id: number;
  readonly identity: string;
  readonly position: Big;
  readonly finished: number;
  readonly state: string;
}

/** The run that imports this file into this list, made where there is none. In a transaction. */
export async function openRun(connection: Connection, list: number, identity: string): Promise<ImportRun> {
  await execute(
    connection,
    `INSERT INTO archive_run (list_id, identity, position, finished, state) VALUES (?, ?, 0, 0, '{}')
     ON CONFLICT (list_id, identity) DO NOTHING`,
    [list, identity],
  );
  const run = await findRun(connection, list, identity);
  return run ?? { id: 0, list, identity, offset: 0, finished: false, state: '{}' };
}

/** The run that has imported this file into this list; undefined where none was begun. */
export async function findRun(
  connection: Connection,
  list: number,
  identity: string,
): Promise<ImportRun | undefined> {
  const [row] = await query<RunRow>(
    connection,
    'SELECT * FROM archive_run WHERE list_id = ? AND identity = ?',
    [list, identity],
  );
  if (!row) return undefined;
  const { id, position, finished, state } = row;
  return { id, list, identity, offset: Number(position), finished: finished === 1, state };
}

/** Notes how far an import has come. */
export async function saveRun(
  connection: Connection,
  { id, offset, state }: Pick<ImportRun, 'id' | 'offset' | 'state'>,
  finished: boolean,
): Promise<void> {
  await execute(connection, 'UPDATE archive_run SET position = ?, state = ?, finished = ? WHERE id = ?', [
    offset,
    state,
    finished ? 1 : 0,
    id,
  ]);
}
