import { createRequire } from 'node:module';
import createKnex, { type Knex } from 'knex';
import { describeFailure } from './failures.ts';
import type { Database } from './handle.ts';
import { migrate } from './migrate.ts';
import { type DatabaseLocation, hidePassword, parseDatabaseUrl, type ServerLocation } from './url.ts';

/** How long a process waits for another that is writing to the same SQLite file, in milliseconds. */
const SQLITE_BUSY_TIMEOUT = 15_000;

const POOL_MAX = 10;

/**
 * Opens the database, bringing its schema up to date first.
 * @param url as in `[database] url`
 * @throws DatabaseError
 */
export async function openDatabase(url: string): Promise<Database> {
  const location = parseDatabaseUrl(url);
  const knex = createKnex(knexConfig(location));
  const database: Database = {
    dialect: location.dialect,
    connection: knex,
    transaction: async (work) => {
      try {
        return await knex.transaction(work);
      } catch (error) {
        throw describeFailure(error, hidePassword(url));
      }
    },
    close: () => knex.destroy(),
  };
  try {
    await migrate(database);
  } catch (error) {
    await knex.destroy();
    throw describeFailure(error, hidePassword(url));
  }
  return database;
}

function knexConfig(location: DatabaseLocation): Knex.Config {
  switch (location.dialect) {
    case 'sqlite':
      return {
        client: sqliteClient(),
        connection: { filename: location.filename },
        useNullAsDefault: true,
        pool: { min: 1, max: 1, afterCreate: prepareSqlite },
      };
    case 'postgresql':
      return { client: 'pg', connection: serverOptions(location.server), pool: { min: 0, max: POOL_MAX } };
    case 'mysql':
      return {
        client: 'mysql2',
        connection: {
          ...serverOptions(location.server),
          ...(location.server.socket ? { socketPath: location.server.socket } : {}),
          charset: 'utf8mb4_bin',
        },
        pool: { min: 0, max: POOL_MAX },
      };
  }
}

function serverOptions({ host, port, socket, user, password, database }: ServerLocation) {
  return { host: socket ?? host, port, user, password, database };
}

interface SqliteHandle {
  pragma(source: string): unknown;
}

function prepareSqlite(
  handle: SqliteHandle,
  done: (error: Error | null, handle: SqliteHandle) => void,
): void {
  try {
    handle.pragma(`busy_timeout = ${SQLITE_BUSY_TIMEOUT}`);
    handle.pragma('journal_mode = WAL');
    handle.pragma('synchronous = FULL');
    handle.pragma('foreign_keys = ON');
    done(null, handle);
  } catch (error) {
    done(error as Error, handle);
  }
}

type Constructor = new (...options: unknown[]) => object;

interface SqliteTransaction {
  query(connection: unknown, sql: string): unknown;
}

/**
 * Knex's SQLite client, whose transactions take the write lock at once: SQLite cannot wait for the lock in the
 * middle of a transaction that has read already, and fails there instead.
 */
function sqliteClient(): typeof Knex.Client {
  const require = createRequire(import.meta.url);
  const Client: Constructor = require('knex/lib/dialects/better-sqlite3/index.js');
  const Transaction: Constructor = require('knex/lib/dialects/sqlite3/execution/sqlite-transaction.js');
  class ImmediateTransaction extends Transaction {
    begin(connection: unknown): unknown {
      return (this as unknown as SqliteTransaction).query(connection, 'BEGIN IMMEDIATE;');
    }
  }
  return class extends Client {
    transaction(...options: unknown[]): unknown {
      return new ImmediateTransaction(this, ...options);
    }
  } as unknown as typeof Knex.Client;
}
