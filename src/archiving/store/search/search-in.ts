import type { Database } from '../../../database/handle.ts';
import type { Dictionaries } from '../content.ts';
import type { SearchQuery, SearchResult } from '../types.ts';
import { searchMessages } from './search.ts';
import { TIMEOUT } from './search-thread.ts';

/** One search in an archive. @throws DatabaseError */
export async function searchIn(
  database: Database,
  dictionaries: Dictionaries,
  query: SearchQuery,
): Promise<SearchResult> {
  // A transaction on SQLite would wait for whoever writes.
  if (database.dialect !== 'postgresql') return searchMessages(database.connection, dictionaries, query);
  return database.transaction(async (connection) => {
    // One view of the index for all its steps: segments may be joined meanwhile.
    await connection.raw(
      `SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = ${TIMEOUT};
       SET LOCAL enable_seqscan = off; SET LOCAL jit = off`,
    );
    return searchMessages(connection, dictionaries, query);
  });
}
