import type { Config } from '../config/index.ts';
import { openDatabase } from './connection.ts';
import { DatabaseError, isUnreachable } from './failures.ts';
import type { Database } from './handle.ts';

/**
 * Opens the database that `[database] url` names, bringing its schema up to date first.
 * @throws DatabaseError; where the URL leads nowhere, the message begins with file, line, section and key
 */
export async function openConfiguredDatabase(config: Pick<Config, 'database' | 'where'>): Promise<Database> {
  try {
    return await openDatabase(config.database.url);
  } catch (error) {
    if (!(error instanceof DatabaseError) || !isUnreachable(error)) throw error;
    const message = `${config.where('database', 'url')}: ${error.message}, expected one that can be opened`;
    throw new DatabaseError(message, {
      cause: error,
      ...(error.code === undefined ? {} : { code: error.code }),
    });
  }
}
